using Aistrale.Tests.Shared;
using Npgsql;

namespace Aistrale.IntegrationTests.Jobs;

/// <summary>Databases that are migrated already: copies of one that was migrated once, which is much faster.</summary>
internal static class MigratedDatabase
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? _template;

    public static async Task<TestDatabase> CreateAsync(LocalServers servers, CancellationToken ct)
    {
        var database = await servers.CreateDatabaseAsync(ct);
        var server = new NpgsqlConnectionStringBuilder(database.Superuser) { Database = "postgres" }.ConnectionString;
        await Gate.WaitAsync(ct);
        try
        {
            _template ??= await MigrateTemplateAsync(servers, ct);
            await Sql.ExecuteAsync(server, $"DROP DATABASE {database.Name}", ct);
            await Sql.ExecuteAsync(server, $"CREATE DATABASE {database.Name} TEMPLATE {_template} OWNER aistrale_migrator", ct);
            return database;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> MigrateTemplateAsync(LocalServers servers, CancellationToken ct)
    {
        var template = await servers.CreateDatabaseAsync(ct);
        using var binary = new WorkerBinary(template);
        await binary.MigrateAsync(ct);
        return template.Name;
    }
}
