using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class DoctorTests(LocalServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_installation_has_no_fault()
    {
        using var binary = await SoundAsync();
        binary["Spool__Path"] = binary.Folder;
        binary["AISTRALE_PUBLIC_ORIGINS"] = "http://localhost:5080, https://aistrale.example.org";

        var result = await binary.RunAsync(Ct, "doctor");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain("FAIL", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn", result.Output, StringComparison.Ordinal);
        foreach (var subject in new[] { "database", "migrations", "database roles", "clocks", "key-encryption key", "redis", "spool folder", "public origins" })
        {
            Assert.Contains($"ok    {subject} ", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_fault_is_a_line_of_its_own_that_says_what_to_do()
    {
        using var binary = await SoundAsync();
        var otherKey = Path.Combine(binary.Folder, "other-key");
        await File.WriteAllTextAsync(otherKey, WorkerBinary.NewKey(), Ct);
        binary["Encryption__KeyFile"] = otherKey;
        binary["ConnectionStrings__redis"] = "127.0.0.1:1,password=swordfish";
        binary["Spool__Path"] = Path.Combine(binary.Folder, "nowhere");
        binary["AISTRALE_PUBLIC_ORIGINS"] = "http://aistrale.example.org,nonsense";

        var result = await binary.RunAsync(Ct, "doctor");

        Assert.Equal(1, result.ExitCode);
        AssertFails(result, "key-encryption key", "not the one that this database was written with");
        AssertFails(result, "redis", "does not answer");
        AssertFails(result, "spool folder", "create it");
        AssertFails(result, "public origins", "http://aistrale.example.org is plain http");
        AssertFails(result, "public origins", "\"nonsense\" is not an origin");
        Assert.DoesNotContain("swordfish", result.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_with_too_many_rights_is_named()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = await SoundAsync(database);
        await Sql.ExecuteAsync(database.Superuser, "GRANT DELETE ON usage_event TO aistrale_app; GRANT CREATE ON SCHEMA quartz TO aistrale_worker", Ct);

        var result = await binary.RunAsync(Ct, "doctor");

        Assert.Equal(1, result.ExitCode);
        AssertFails(result, "database roles", "aistraledb may change usage records");
        AssertFails(result, "database roles", "aistraledb-worker may make tables");
    }

    [Fact]
    public async Task One_role_for_everything_is_a_warning()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = await SoundAsync(database with { App = database.Migrator });
        binary["ConnectionStrings__aistraledb-worker"] = null;
        binary["ConnectionStrings__aistraledb-migrator"] = null;

        var result = await binary.RunAsync(Ct, "doctor");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("warn  database roles        one role for everything: the append-only audit is not enforced", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sandbox_tokens_in_production_are_a_warning()
    {
        using var binary = await SoundAsync();
        binary["Sandbox__Origin"] = "http://127.0.0.1:5082";
        binary["AISTRALE_ADMIN_EMAIL"] = "ada@example.org";
        binary["AISTRALE_ADMIN_PASSWORD"] = "a sentence nobody guesses";
        await binary.MigrateAsync(Ct);

        var result = await binary.RunAsync(Ct, "doctor");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("warn  sandbox tokens", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_migrated_or_not_there_is_a_fault()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        using var binary = new WorkerBinary(database);
        var notMigrated = await binary.RunAsync(Ct, "doctor");
        binary["ConnectionStrings__aistraledb"] = new NpgsqlConnectionStringBuilder(database.App) { Password = "swordfish" }.ConnectionString;
        binary["ConnectionStrings__aistraledb-worker"] = "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=swordfish";
        binary["ConnectionStrings__aistraledb-migrator"] = "Hosst=x;Password=swordfish";
        var notThere = await binary.RunAsync(Ct, "doctor");

        AssertFails(notMigrated, "migrations", "pending: run migrate");
        AssertFails(notThere, "database", "aistraledb: The database refused the login");
        AssertFails(notThere, "database", "aistraledb-worker: The database does not answer");
        AssertFails(notThere, "database", "aistraledb-migrator: ConnectionStrings__aistraledb-migrator cannot be read");
        Assert.All([notMigrated, notThere], result => Assert.Equal(1, result.ExitCode));
        Assert.DoesNotContain("swordfish", notThere.ToString(), StringComparison.Ordinal);
    }

    private static void AssertFails(CommandResult result, string subject, string text) =>
        Assert.Contains(result.Output.Split('\n'), line => line.StartsWith($"FAIL  {subject} ", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal));

    private async Task<WorkerBinary> SoundAsync(TestDatabase? database = null)
    {
        var binary = new WorkerBinary(database ?? await MigratedDatabase.CreateAsync(servers, Ct));
        binary["ConnectionStrings__redis"] = await servers.CreateRedisAsync(Ct);
        return binary;
    }
}
