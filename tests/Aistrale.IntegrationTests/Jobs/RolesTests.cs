using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class RolesTests(LocalServers servers)
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrating_makes_the_roles_with_exactly_the_rights_they_need()
    {
        var (database, binary) = await MigrateWithRolesOfItsOwnAsync();
        using var _ = binary;

        var app = new NpgsqlConnectionStringBuilder(database.App).Username;
        var worker = new NpgsqlConnectionStringBuilder(database.Worker).Username;
        Assert.Equal(
            [
                "change_stamps: SELECT",
                "data_keys: SELECT",
                "key_encryption_keys: SELECT",
                "provider_token_uses: INSERT SELECT",
                "provider_tokens: DELETE INSERT SELECT UPDATE",
                "recovery_codes: DELETE INSERT SELECT UPDATE",
                "rollup_watermarks: SELECT",
                "rotation_failures: SELECT",
                "rotation_runs: INSERT SELECT",
                "security_audit: SELECT",
                "security_audit_head: SELECT",
                "setup_claims: DELETE INSERT SELECT UPDATE",
                "usage_event: INSERT SELECT",
                "usage_rollup_hour: SELECT",
                "user_claims: DELETE INSERT SELECT UPDATE",
                "user_links: DELETE INSERT SELECT UPDATE",
                "user_logins: DELETE INSERT SELECT UPDATE",
                "user_tokens: DELETE INSERT SELECT UPDATE",
                "user_totp: DELETE INSERT SELECT UPDATE",
                "users: DELETE INSERT SELECT UPDATE",
                "virtual_keys: DELETE INSERT SELECT UPDATE",
                "workspaces: DELETE INSERT SELECT UPDATE",
                "__ef_migrations: SELECT",
            ],
            await RightsAsync(database, app));
        Assert.Equal(
            [
                "change_stamps: SELECT",
                "data_keys: DELETE INSERT SELECT UPDATE",
                "key_encryption_keys: DELETE INSERT SELECT UPDATE",
                "provider_token_uses: SELECT",
                "provider_tokens: DELETE INSERT SELECT UPDATE",
                "recovery_codes: SELECT",
                "rollup_watermarks: DELETE INSERT SELECT UPDATE",
                "rotation_failures: DELETE INSERT SELECT UPDATE",
                "rotation_runs: DELETE INSERT SELECT UPDATE",
                "security_audit: SELECT",
                "security_audit_head: SELECT",
                "setup_claims: SELECT",
                "usage_event: SELECT",
                "usage_rollup_hour: DELETE INSERT SELECT UPDATE",
                "user_claims: SELECT",
                "user_links: SELECT",
                "user_logins: SELECT",
                "user_tokens: SELECT",
                "user_totp: DELETE INSERT SELECT UPDATE",
                "users: SELECT",
                "virtual_keys: SELECT",
                "workspaces: SELECT",
                "__ef_migrations: SELECT",
            ],
            await RightsAsync(database, worker));
        Assert.Equal(
            "f f f f",
            await Sql.ScalarAsync<string>(database.Superuser, $"SELECT concat_ws(' ', bool_or(rolsuper), bool_or(rolcreaterole), bool_or(rolcreatedb), bool_or(rolbypassrls)) FROM pg_roles WHERE rolname IN ('{app}', '{worker}')", Ct));
    }

    [Theory]
    [InlineData("UPDATE usage_event SET cost_usd = 0")]
    [InlineData("DELETE FROM usage_event")]
    [InlineData("TRUNCATE usage_event")]
    [InlineData("DELETE FROM usage_event_default")]
    [InlineData("ALTER TABLE usage_event ADD COLUMN x int")]
    [InlineData("SELECT ensure_usage_partitions('2030-01-01', 1)")]
    [InlineData("UPDATE data_keys SET state = 'retired'")]
    [InlineData("SELECT count(*) FROM quartz.qrtz_triggers")]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("UPDATE change_stamps SET version = 0")]
    public async Task The_services_role_is_refused(string statement)
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);

        Assert.Equal(Denied, await Sql.RefusalAsync(database.App, statement, Ct));
    }

    [Theory]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("CREATE TABLE quartz.mine (id int)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("DROP TABLE quartz.qrtz_triggers")]
    [InlineData("DELETE FROM usage_event")]
    [InlineData("UPDATE users SET role = 'admin'")]
    [InlineData("CREATE TABLE usage_event_209901 PARTITION OF usage_event FOR VALUES FROM ('2099-01-01') TO ('2099-02-01')")]
    public async Task The_workers_role_is_refused(string statement)
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);

        Assert.Equal(Denied, await Sql.RefusalAsync(database.Worker, statement, Ct));
    }

    [Fact]
    public async Task A_role_gets_a_changed_password_with_the_next_migration()
    {
        var (database, binary) = await MigrateWithRolesOfItsOwnAsync();
        using var _ = binary;
        var changed = new NpgsqlConnectionStringBuilder(database.Worker) { Password = "another one", Pooling = false }.ConnectionString;
        Assert.Equal(PostgresErrorCodes.InvalidPassword, await Sql.RefusalAsync(changed, "SELECT 1", Ct));

        binary["ConnectionStrings__aistraledb-worker"] = changed;
        await binary.MigrateAsync(Ct);

        Assert.Null(await Sql.RefusalAsync(changed, "SELECT 1", Ct));
    }

    [Fact]
    public async Task One_role_for_everything_is_enough()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        using var binary = new WorkerBinary(database);
        binary["ConnectionStrings__aistraledb"] = database.Migrator;
        binary["ConnectionStrings__aistraledb-worker"] = null;
        binary["ConnectionStrings__aistraledb-migrator"] = null;

        await binary.MigrateAsync(Ct);

        Assert.Equal(15, await Sql.ScalarAsync<long>(database.Superuser, "SELECT count(*) FROM pg_tables WHERE schemaname = 'quartz'", Ct));
    }

    private async Task<(TestDatabase Database, WorkerBinary Binary)> MigrateWithRolesOfItsOwnAsync()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        // The name needs quoting and so does the password: neither may be pasted into a statement.
        database = database with
        {
            App = new NpgsqlConnectionStringBuilder(database.App) { Username = $"{database.Name}-app", Password = "it's \"secret\"", Pooling = false }.ConnectionString,
            Worker = new NpgsqlConnectionStringBuilder(database.Worker) { Username = $"{database.Name}-worker", Password = "s3cret", Pooling = false }.ConnectionString,
        };
        var binary = new WorkerBinary(database);
        await binary.MigrateAsync(Ct);
        Assert.Null(await Sql.RefusalAsync(database.App, "SELECT count(*) FROM usage_event", Ct));
        return (database, binary);
    }

    private static Task<List<string>> RightsAsync(TestDatabase database, string? role) => Sql.ColumnAsync<string>(
        database.Superuser,
        $"""
        SELECT table_name || ': ' || string_agg(privilege_type, ' ' ORDER BY privilege_type)
        FROM information_schema.role_table_grants
        WHERE table_schema = 'public' AND grantee = '{role}'
        GROUP BY table_name
        ORDER BY table_name LIKE '\_%', table_name
        """,
        Ct);
}
