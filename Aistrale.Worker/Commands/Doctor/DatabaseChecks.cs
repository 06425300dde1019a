using System.Runtime.CompilerServices;
using Aistrale.Contracts;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Aistrale.Worker.Commands.Doctor;

/// <summary>The database as each role sees it: reachable, new enough, migrated, in time, and no role with more rights than it needs.</summary>
internal static class DatabaseChecks
{
    private const string Subject = "database";
    private const string RolesSubject = "database roles";
    private const string ClockSubject = "clocks";
    private const string SandboxSubject = "sandbox tokens";
    private const int OldestMajor = 15;
    private const int ConnectTimeoutSeconds = 5;
    private static readonly TimeSpan ClockLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Which of the three connections are there, the services' own first.</summary>
    public static IReadOnlyList<(string Name, string Text)> Configured(IConfiguration configuration) =>
    [
        .. new[] { ResourceNames.Database, ResourceNames.WorkerDatabase, ResourceNames.MigratorDatabase }
            .Select(name => (name, text: configuration.GetConnectionString(name) ?? ""))
            .Where(connection => connection.text.Length > 0),
    ];

    public static async IAsyncEnumerable<Finding> RunAsync(IConfiguration configuration, [EnumeratorCancellation] CancellationToken ct)
    {
        var configured = Configured(configuration);
        if (configured.Count == 0)
        {
            yield return Finding.Fail(Subject, $"not configured: set ConnectionStrings__{ResourceNames.Database} to \"Host=…;Port=…;Database=…;Username=…;Password=…\"");
            yield break;
        }

        var users = new Dictionary<string, string?>();
        foreach (var (name, text) in configured)
        {
            var findings = await GuardAsync(name, () => CheckConnectionAsync(name, text, users, ct));
            foreach (var finding in findings)
            {
                yield return finding;
            }
        }

        if (users.Count == configured.Count)
        {
            yield return Separation(users);
        }
    }

    private static async Task<IReadOnlyList<Finding>> CheckConnectionAsync(string name, string text, Dictionary<string, string?> users, CancellationToken ct)
    {
        var address = Read(name, text);
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(ct);
        users[name] = address.Username;
        var major = connection.PostgreSqlVersion.Major;
        var findings = new List<Finding>
        {
            major >= OldestMajor
                ? Finding.Ok(Subject, $"{name}: PostgreSQL {connection.PostgreSqlVersion} at {address.Host}:{address.Port}, as {address.Username}")
                : Finding.Fail(Subject, $"{name}: PostgreSQL {connection.PostgreSqlVersion} is too old: Aistrale needs {OldestMajor} or newer"),
        };
        if (users.Count == 1)
        {
            findings.Add(await CheckClockAsync(connection, ct));
            findings.Add(await CheckMigrationsAsync(name, ct));
        }

        if (await TableExistsAsync(connection, "usage_event", ct))
        {
            findings.AddRange(await CheckRightsAsync(name, connection, ct));
            if (users.Count == 1)
            {
                findings.AddRange(await CheckSandboxTokensAsync(connection, ct));
            }
        }

        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> GuardAsync(string name, Func<Task<IReadOnlyList<Finding>>> check)
    {
        try
        {
            return await check();
        }
        catch (Exception exception) when (exception is not OperationCanceledException && ExpectedFailure.Describe(exception) is { } sentence)
        {
            return [Finding.Fail(Subject, $"{name}: {sentence}")];
        }
    }

    private static NpgsqlConnectionStringBuilder Read(string name, string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) { Timeout = ConnectTimeoutSeconds, Pooling = false };
        }
        catch (ArgumentException)
        {
            // The parser's message may repeat the password.
            throw new CommandFailedException($"ConnectionStrings__{name} cannot be read: write \"Host=…;Port=…;Database=…;Username=…;Password=…\", without ; or \" in the password.");
        }
    }

    private static async Task<Finding> CheckClockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        // The first round trip prepares; the second measures.
        await ScalarAsync<DateTime>(connection, "SELECT clock_timestamp()", ct);
        var before = clock.GetUtcNow();
        var there = await ScalarAsync<DateTime>(connection, "SELECT clock_timestamp()", ct);
        var after = clock.GetUtcNow();
        var skew = (there - (before + ((after - before) / 2)).UtcDateTime).Duration();
        return skew < ClockLimit
            ? Finding.Ok(ClockSubject, $"this machine and the database differ by {skew.TotalMilliseconds:0} ms")
            : Finding.Fail(ClockSubject, $"this machine and the database differ by {skew.TotalMilliseconds:0} ms: synchronise both (NTP); jobs need less than {ClockLimit.TotalMilliseconds:0} ms");
    }

    private static async Task<Finding> CheckMigrationsAsync(string name, CancellationToken ct)
    {
        var builder = CommandHost.CreateBuilder();
        builder.AddDatabase(name);
        using var host = builder.Build();
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<AistraleDbContext>>().CreateDbContextAsync(ct);
        var pending = (await db.Database.GetPendingMigrationsAsync(ct)).Count();
        return pending == 0
            ? Finding.Ok("migrations", "the database is up to date")
            : Finding.Fail("migrations", $"{pending} pending: run migrate");
    }

    private static async Task<IEnumerable<Finding>> CheckRightsAsync(string name, NpgsqlConnection connection, CancellationToken ct)
    {
        // The migrator owns everything; and whoever uses one role for all is warned below.
        if (name == ResourceNames.MigratorDatabase || await ScalarAsync<bool>(connection, "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'usage_event'::regclass", ct))
        {
            return [];
        }

        var excess = new List<string>();
        if (await ScalarAsync<bool>(connection, "SELECT has_table_privilege('usage_event', 'UPDATE, DELETE, TRUNCATE')", ct))
        {
            excess.Add("change usage records");
        }

        if (await ScalarAsync<bool>(connection, "SELECT bool_or(has_schema_privilege(nspname, 'CREATE')) FROM pg_namespace WHERE nspname IN ('public', 'quartz')", ct))
        {
            excess.Add("make tables");
        }

        return excess.Count == 0
            ? []
            : [Finding.Fail(RolesSubject, $"{name} may {string.Join(" and ", excess)}: take the right away (REVOKE), then run migrate")];
    }

    private static async Task<IEnumerable<Finding>> CheckSandboxTokensAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var isProduction = !string.Equals(CommandHost.CreateBuilder().Environment.EnvironmentName, Environments.Development, StringComparison.OrdinalIgnoreCase);
        var count = await ScalarAsync<long>(connection, "SELECT count(*) FROM provider_tokens WHERE label = 'sandbox'", ct);
        return isProduction && count > 0
            ? [Finding.Warn(SandboxSubject, $"{count} provider token(s) lead to the Sandbox, which makes its answers up: delete them in the console before real use")]
            : [];
    }

    private static Finding Separation(Dictionary<string, string?> users)
    {
        if (users.Count == 1)
        {
            return Finding.Warn(RolesSubject, $"one role for everything: the append-only audit is not enforced; set ConnectionStrings__{ResourceNames.WorkerDatabase} and ConnectionStrings__{ResourceNames.MigratorDatabase} too, with roles of their own");
        }

        return users.Values.Distinct().Count() == users.Count
            ? Finding.Ok(RolesSubject, $"{string.Join(", ", users.Values)}")
            : Finding.Warn(RolesSubject, "connections share a role: the append-only audit is not enforced; give each a role of its own");
    }

    private static Task<bool> TableExistsAsync(NpgsqlConnection connection, string table, CancellationToken ct) =>
        ScalarAsync<bool>(connection, $"SELECT count(*) > 0 FROM pg_catalog.pg_class WHERE relname = '{table}'", ct);

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
