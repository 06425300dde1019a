using Aistrale.Contracts;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Aistrale.Core.Data;

/// <summary>
/// Makes the database roles that the connection strings name and gives each what it needs, table by table: what is not listed is denied.
/// Where all services share one role (only <c>aistraledb</c> is configured) there is nothing to do.
/// </summary>
internal sealed class DatabaseRoles(NpgsqlDataSource database, IConfiguration configuration)
{
    private const string Read = "SELECT";
    private const string Append = "SELECT, INSERT";
    private const string GrantAudit = "GRANT EXECUTE ON FUNCTION append_security_audit(uuid, text, uuid, text, text, text, text, text, text, text) TO %I";
    private const string Change = "SELECT, INSERT, UPDATE, DELETE";

    private static readonly (string Table, string App, string Worker)[] Grants =
    [
        ("workspaces", Change, Read),
        ("users", Change, Read),
        ("user_claims", Change, Read),
        ("user_logins", Change, Read),
        ("user_tokens", Change, Read),
        ("user_totp", Change, Change),
        ("recovery_codes", Change, Read),
        ("user_links", Change, Read),
        ("setup_claims", Change, Read),
        ("provider_tokens", Change, Change),
        ("provider_token_uses", Append, Read),
        ("virtual_keys", Change, Read),
        ("data_keys", Read, Change),
        ("key_encryption_keys", Read, Change),
        ("rotation_runs", Append, Change),
        ("rotation_failures", Read, Change),
        ("security_audit", Read, Read),
        ("security_audit_head", Read, Read),
        ("change_stamps", Read, Read),
        ("usage_event", Append, Read),
        ("usage_rollup_hour", Read, Change),
        ("rollup_watermarks", Read, Change),
        ("__ef_migrations", Read, Read),
    ];

    public async Task EnsureAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var migrator = new NpgsqlConnectionStringBuilder(connection.ConnectionString).Username;
        if (await OwnsSchemaAsync(connection, ct))
        {
            // A database that began before PostgreSQL 15 lets every role make tables here.
            await ExecuteAsync(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC", [], ct);
        }

        if (Login(ResourceNames.Database, migrator) is { } app)
        {
            await EnsureLoginAsync(connection, app, ct);
            foreach (var (table, rights, _) in Grants)
            {
                await ExecuteAsync(connection, $"GRANT {rights} ON %I TO %I", [table, app.Username!], ct);
            }

            await ExecuteAsync(connection, GrantAudit, [app.Username!], ct);
        }

        if (Login(ResourceNames.WorkerDatabase, migrator) is { } worker)
        {
            await EnsureLoginAsync(connection, worker, ct);
            foreach (var (table, _, rights) in Grants)
            {
                await ExecuteAsync(connection, $"GRANT {rights} ON %I TO %I", [table, worker.Username!], ct);
            }

            await ExecuteAsync(connection, GrantAudit, [worker.Username!], ct);
            await ExecuteAsync(connection, "GRANT EXECUTE ON FUNCTION ensure_usage_partitions(date, int) TO %I", [worker.Username!], ct);
            await ExecuteAsync(connection, "GRANT USAGE ON SCHEMA quartz TO %I", [worker.Username!], ct);
            await ExecuteAsync(connection, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA quartz TO %I", [worker.Username!], ct);
        }
    }

    private static async Task<bool> OwnsSchemaAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var owns = new NpgsqlCommand("SELECT pg_has_role(current_user, nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'", connection);
        return await owns.ExecuteScalarAsync(ct) is true;
    }

    private NpgsqlConnectionStringBuilder? Login(string connectionName, string? migrator) =>
        configuration.GetConnectionString(connectionName) is { Length: > 0 } text && new NpgsqlConnectionStringBuilder(text) is { Username: { Length: > 0 } name } login && name != migrator
            ? login
            : null;

    private static async Task EnsureLoginAsync(NpgsqlConnection connection, NpgsqlConnectionStringBuilder login, CancellationToken ct)
    {
        string[] credentials = [login.Username!, login.Password ?? ""];
        await using var exists = new NpgsqlCommand("SELECT count(*) FROM pg_roles WHERE rolname = $1", connection) { Parameters = { new() { Value = login.Username! } } };
        if (await exists.ExecuteScalarAsync(ct) is 0L)
        {
            await ExecuteAsync(connection, "CREATE ROLE %I LOGIN PASSWORD %L NOSUPERUSER NOCREATEDB NOCREATEROLE", credentials, ct);
        }
        else if (!await CanLogInAsync(login, ct))
        {
            // Its other attributes stay as they are: naming SUPERUSER or its negation takes a superuser, which a migrator need not be.
            await ExecuteAsync(connection, "ALTER ROLE %I LOGIN PASSWORD %L", credentials, ct);
        }

        await ExecuteAsync(connection, "GRANT USAGE ON SCHEMA public TO %I", [login.Username!], ct);
    }

    // Roles belong to the whole server: one that works is left alone, also where somebody else made it and the migrator may not change it.
    private static async Task<bool> CanLogInAsync(NpgsqlConnectionStringBuilder login, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(login.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return false;
        }
    }

    // Names and passwords cannot be parameters of these statements, so the server quotes them.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string format, string[] arguments, CancellationToken ct)
    {
        await using var quote = new NpgsqlCommand("SELECT format($1, VARIADIC $2)", connection) { Parameters = { new() { Value = format }, new() { Value = arguments } } };
        var sql = (string)(await quote.ExecuteScalarAsync(ct))!;
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
