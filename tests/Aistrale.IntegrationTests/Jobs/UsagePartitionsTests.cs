using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class UsagePartitionsTests(LocalServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Months_ahead_get_their_partitions_once_however_many_workers_ask()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        const string make = "SELECT ensure_usage_partitions('2031-11-23', 4)";

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sql.ScalarAsync<int>(database.Worker, make, Ct)));

        Assert.Equal([0, 0, 0, 4], made.Order());
        Assert.Equal(
            ["usage_event_203111", "usage_event_203112", "usage_event_203201", "usage_event_203202"],
            await Sql.ColumnAsync<string>(database.Superuser, "SELECT relname::text FROM pg_class WHERE relname ~ '^usage_event_203[0-9]{3}$' AND relispartition ORDER BY 1", Ct));
    }

    [Fact]
    public async Task Records_that_came_before_their_partition_are_moved_into_it()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        foreach (var time in new[] { "2031-11-30T23:59:59.999Z", "2031-12-01T00:00:00Z", "2031-12-31T23:59:59.999Z", "2032-01-01T00:00:00Z" })
        {
            await Sql.ExecuteAsync(database.App, Insert(time), Ct);
        }

        await Sql.ScalarAsync<int>(database.Worker, "SELECT ensure_usage_partitions('2031-12-01', 1)", Ct);

        Assert.Equal(
            ["2031-11 usage_event_default", "2031-12 usage_event_203112", "2031-12 usage_event_203112", "2032-01 usage_event_default"],
            await Sql.ColumnAsync<string>(database.Superuser, "SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM') || ' ' || tableoid::regclass FROM usage_event ORDER BY started_at", Ct));
        // The new partition takes records, refuses a second one with the same key, and is closed to the services like the others.
        Assert.Null(await Sql.RefusalAsync(database.App, Insert("2031-12-24T18:00:00Z"), Ct));
        Assert.Equal("42501", await Sql.RefusalAsync(database.App, "DELETE FROM usage_event_203112", Ct));
        Assert.Equal("23505", await Sql.RefusalAsync(database.Superuser, "INSERT INTO usage_event SELECT * FROM usage_event_203112", Ct));
    }

    [Fact]
    public async Task A_running_worker_makes_the_partitions_of_this_month_and_the_next_three()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);
        await Sql.ExecuteAsync(database.Superuser, "DO $$ DECLARE p text; BEGIN FOR p IN SELECT relname FROM pg_class WHERE relname ~ '^usage_event_[0-9]{6}$' AND relispartition LOOP EXECUTE 'DROP TABLE ' || p; END LOOP; END $$", Ct);

        using var worker = await RunningWorker.StartAsync(binary, Ct);

        const string missing = """
            SELECT count(*) FROM generate_series(0, 3) AS n
            WHERE to_regclass('usage_event_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month', 'YYYYMM')) IS NULL
            """;
        await Eventually.TrueAsync(async () => await Sql.ScalarAsync<long>(database.Superuser, missing, Ct) == 0, () => worker.Log, Ct);
        await Eventually.TrueAsync(async () => await worker.RunsAsync("usage-partitions", "ok", Ct) == 1, () => worker.Log, Ct);
    }

    private static string Insert(string startedAt) => $"""
        INSERT INTO usage_event (id, started_at, workspace_id, source, dialect, requested_model, stream, status, usage_quality, price_rows, attempts, latency_ms)
        VALUES (gen_random_uuid(), '{startedAt}', gen_random_uuid(), 'gateway', 'chat_completions', 'm', false, 'ok', 'none', '[]', '[]', 1)
        """;

}
