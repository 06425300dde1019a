using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class ServiceTests(LocalServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_waits_for_a_database_that_is_not_there_and_survives_losing_it()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        var address = new NpgsqlConnectionStringBuilder(database.Worker);
        using var relay = new TcpRelay(address.Port);
        using var binary = new WorkerBinary(database);
        address.Port = relay.Port;
        binary["ConnectionStrings__aistraledb-worker"] = address.ConnectionString;

        using var worker = await RunningWorker.StartAsync(binary, Ct);
        await Eventually.TrueAsync(() => worker.Log.Contains("Jobs wait:", StringComparison.Ordinal), () => worker.Log, Ct);
        Assert.Equal(200, await worker.StatusAsync("/alive", Ct));
        Assert.Equal(503, await worker.StatusAsync("/health", Ct));

        relay.Up();
        await worker.UntilHealthyAsync(Ct);
        await Eventually.TrueAsync(async () => await worker.RunsAsync("usage-partitions", "ok", Ct) == 1, () => worker.Log, Ct);

        relay.Down();
        await Eventually.TrueAsync(() => worker.Log.Contains("The database does not answer", StringComparison.Ordinal), () => worker.Log, Ct);
        Assert.Equal(200, await worker.StatusAsync("/alive", Ct));
        Assert.Equal(200, await worker.StatusAsync("/health", Ct));

        relay.Up();
        await Eventually.TrueAsync(() => worker.Log.Contains("The database answers again", StringComparison.Ordinal), () => worker.Log, Ct);
        Assert.False(worker.HasExited);
        Assert.Equal(0, await worker.TerminateAsync(Ct));
    }

    [Fact]
    public async Task It_waits_for_the_migrations_and_then_sums_usage()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        using var binary = new WorkerBinary(database);
        using var worker = await RunningWorker.StartAsync(binary, Ct);
        await Eventually.TrueAsync(() => worker.Log.Contains("run migrate", StringComparison.Ordinal), () => worker.Log, Ct);
        Assert.Equal(503, await worker.StatusAsync("/health", Ct));

        await binary.MigrateAsync(Ct);

        await worker.UntilHealthyAsync(Ct);
    }

    [Fact]
    public async Task A_key_encryption_key_of_another_database_ends_the_start_in_one_sentence()
    {
        using var binary = new WorkerBinary(await MigratedDatabase.CreateAsync(servers, Ct));
        var other = Path.Combine(binary.Folder, "other-key");
        await File.WriteAllTextAsync(other, WorkerBinary.NewKey(), Ct);
        binary["Encryption__KeyFile"] = other;
        binary["ASPNETCORE_URLS"] = "http://127.0.0.1:0";

        var wrong = await binary.RunAsync(Ct);
        binary["Encryption__KeyFile"] = null;
        var none = await binary.RunAsync(Ct);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("The key-encryption key is not the one", wrong.Output, StringComparison.Ordinal);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("No key-encryption key is configured", Assert.Single(none.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_takes_over_what_a_killed_one_was_doing()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);

        // While this lock is held the job of the first node cannot end.
        await using var blocker = new NpgsqlConnection(database.Superuser);
        await blocker.OpenAsync(Ct);
        await using var held = await blocker.BeginTransactionAsync(Ct);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('ensure_usage_partitions', 0))", blocker))
        {
            await take.ExecuteNonQueryAsync(Ct);
        }

        using var first = await RunningWorker.StartAsync(binary, Ct);
        const string running = "SELECT instance_name FROM quartz.qrtz_fired_triggers WHERE job_name = 'usage-partitions' AND state = 'EXECUTING'";
        await Eventually.TrueAsync(async () => (await Sql.ColumnAsync<string>(database.Superuser, running, Ct)).Count == 1, () => first.Log, Ct);
        var firstNode = await Sql.ScalarAsync<string>(database.Superuser, running, Ct);

        using var second = await RunningWorker.StartAsync(binary, Ct);
        await second.UntilHealthyAsync(Ct);
        Assert.Equal(0, await second.RunsAsync("usage-partitions", "ok", Ct));

        await first.KillAsync(Ct);
        await held.RollbackAsync(Ct);

        await Eventually.TrueAsync(async () => await second.RunsAsync("usage-partitions", "ok", Ct) >= 1, () => second.Log, Ct);
        await Eventually.TrueAsync(
            async () => !(await Sql.ColumnAsync<string>(database.Superuser, "SELECT instance_name FROM quartz.qrtz_scheduler_state", Ct)).Contains(firstNode),
            () => second.Log,
            Ct);
    }
}
