using System.Diagnostics;
using Aistrale.Core.Data;
using Aistrale.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class MigrateTests(LocalServers servers)
{
    private const string Fingerprint = """
        SELECT concat_ws(' ',
            (SELECT count(*) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'quartz'::regnamespace)),
            (SELECT count(*) FROM __ef_migrations),
            (SELECT md5(string_agg(id || encode(canary, 'hex'), ',')) FROM key_encryption_keys),
            (SELECT md5(string_agg(id || encode(wrapped, 'hex'), ',' ORDER BY id)) FROM data_keys))
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_migrations_at_once_and_a_third_one_later_make_one_schema()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        using var binary = new WorkerBinary(database);

        var first = await Task.WhenAll(binary.RunAsync(Ct, "migrate"), binary.RunAsync(Ct, "migrate"));
        var made = await Sql.ScalarAsync<string>(database.Superuser, Fingerprint, Ct);
        var again = await binary.RunAsync(Ct, "migrate");

        Assert.All([.. first, again], result => Assert.True(result.ExitCode == 0, result.ToString()));
        Assert.Equal(made, await Sql.ScalarAsync<string>(database.Superuser, Fingerprint, Ct));
        Assert.Equal(1, await Sql.ScalarAsync<long>(database.Superuser, "SELECT count(*) FROM key_encryption_keys", Ct));
        Assert.Equal(["audit_salt", "key_pepper", "provider_token", "session", "totp"], await Sql.ColumnAsync<string>(database.Superuser, "SELECT purpose FROM data_keys ORDER BY 1", Ct));
        Assert.Equal(15, await Sql.ScalarAsync<long>(database.Superuser, "SELECT count(*) FROM pg_tables WHERE schemaname = 'quartz'", Ct));
    }

    [Fact]
    public void The_migrations_make_what_the_model_describes()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_made_where_the_role_may()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        var missing = $"{database.Name}_missing";
        using var binary = new WorkerBinary(database);
        var migrator = new NpgsqlConnectionStringBuilder(database.Migrator) { Database = missing };
        binary["ConnectionStrings__aistraledb-migrator"] = migrator.ConnectionString;

        var refused = await binary.RunAsync(Ct, "migrate");
        binary["ConnectionStrings__aistraledb-migrator"] = new NpgsqlConnectionStringBuilder(database.Superuser) { Database = missing }.ConnectionString;
        var made = await binary.RunAsync(Ct, "migrate");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"\"{missing}\" does not exist", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.True(made.ExitCode == 0, made.ToString());
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("missing")]
    [InlineData("malformed")]
    [InlineData("short")]
    public async Task A_key_encryption_key_that_will_not_do_is_refused_in_one_sentence_and_nothing_is_written(string fault)
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);
        // Something to repair: were the key asked for too late, these tables would be back.
        await Sql.ExecuteAsync(database.Superuser, "DROP SCHEMA quartz CASCADE; CREATE SCHEMA quartz; DELETE FROM data_keys WHERE purpose = 'key_pepper'", Ct);
        var before = await Sql.ScalarAsync<string>(database.Superuser, Fingerprint, Ct);
        var keyFile = Path.Combine(binary.Folder, "other-key");
        if (fault != "missing")
        {
            await File.WriteAllTextAsync(keyFile, fault switch { "wrong" => WorkerBinary.NewKey(), "short" => "c2hvcnQ=", _ => "not base64!" }, Ct);
        }

        binary["Encryption__KeyFile"] = keyFile;
        var began = Stopwatch.GetTimestamp();
        var result = await binary.RunAsync(Ct, "migrate");

        Assert.Equal(1, result.ExitCode);
        // 5 s on a machine with nothing else to do; tests run side by side.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Contains("key-encryption key", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, await Sql.ScalarAsync<string>(database.Superuser, Fingerprint, Ct));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_one_sentence()
    {
        using var binary = new WorkerBinary(await servers.CreateDatabaseAsync(Ct));
        binary["ConnectionStrings__aistraledb-migrator"] = "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=swordfish";
        binary["Migrations__DatabaseWaitSeconds"] = "1";

        var result = await binary.RunAsync(Ct, "migrate");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("PostgreSQL at 127.0.0.1:1 did not answer within 1 s", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_database_password_is_one_sentence_at_once()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        using var binary = new WorkerBinary(database);
        binary["ConnectionStrings__aistraledb-migrator"] = new NpgsqlConnectionStringBuilder(database.Migrator) { Password = "swordfish" }.ConnectionString;

        var result = await binary.RunAsync(Ct, "migrate");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("refused the login", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", result.ToString(), StringComparison.Ordinal);
    }
}
