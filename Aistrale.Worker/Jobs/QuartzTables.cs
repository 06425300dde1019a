using Npgsql;
using Quartz;

namespace Aistrale.Worker.Jobs;

/// <summary>Makes Quartz's tables in their own schema from the script inside Quartz's assembly. Only <c>migrate</c> does: the worker's role may not make tables.</summary>
internal static class QuartzTables
{
    public const string Schema = "quartz";
    public const string Prefix = $"{Schema}.{BarePrefix}";
    private const string BarePrefix = "qrtz_";
    private const string Script = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";

    public static async Task ProvisionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await ExistAsync(connection, ct))
        {
            return;
        }

        // All or nothing: a half-made schema would pass for a whole one the next time.
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {Schema}", ct);
        await ExecuteAsync(connection, await ReadScriptAsync(ct), ct);
        await transaction.CommitAsync(ct);
    }

    public static async Task<bool> ExistAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Asked of the catalogue and not with to_regclass, which fails where this role may not use the schema.
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = $2", connection)
        {
            Parameters = { new() { Value = Schema }, new() { Value = $"{BarePrefix}job_details" } },
        };
        return await command.ExecuteScalarAsync(ct) is > 0L;
    }

    // --;;
    // CREATE TABLE IF NOT EXISTS {0}job_details ( ... );
    // --;;
    // CREATE INDEX IF NOT EXISTS idx_{1}j_g_n ON {0}job_details (sched_name, job_group, job_name);
    // {0} is the prefix with its schema, {1} the one without.
    private static async Task<string> ReadScriptAsync(CancellationToken ct)
    {
        await using var stream = typeof(IScheduler).Assembly.GetManifestResourceStream(Script)
            ?? throw new InvalidOperationException($"{typeof(IScheduler).Assembly.GetName().FullName} has no resource {Script}: find where this version keeps its PostgreSQL script.");
        using var reader = new StreamReader(stream);
        var script = await reader.ReadToEndAsync(ct);
        return script.Replace("{0}", Prefix, StringComparison.Ordinal).Replace("{1}", BarePrefix, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
