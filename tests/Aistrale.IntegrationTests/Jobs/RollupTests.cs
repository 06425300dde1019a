using Aistrale.Core.Data;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Telemetry;
using Aistrale.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class RollupTests(LocalServers servers)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 21, 0, 0, TimeSpan.Zero);
    private static readonly Guid[] Workspaces = [Guid.CreateVersion7(Start), Guid.CreateVersion7(Start)];
    private static readonly Guid?[] Keys = [Guid.CreateVersion7(Start), Guid.CreateVersion7(Start), null];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_sums_equal_a_recomputation_with_late_and_repeated_records_and_two_workers_at_once(int seed)
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        var random = new Random(seed);
        await using var app = NpgsqlDataSource.Create(database.App);
        var writer = new UsageWriter(app);
        var all = new List<UsageEvent>();

        for (var round = 0; round < 4; round++)
        {
            // Spread over six hours, across midnight; each round brings late records for hours that are summed already.
            var batch = Enumerable.Range(0, 150).Select(_ => Create(random, Start.AddMilliseconds(random.Next(6 * 3_600_000)))).ToList();
            all.AddRange(batch);
            await writer.WriteAsync(batch, Ct);
            await writer.WriteAsync([.. all.Where(_ => random.Next(10) == 0)], Ct);
            await Task.WhenAll(CatchUpAsync(database), CatchUpAsync(database));
        }

        await AssertSumsAsync(database, all);
    }

    [Fact]
    public async Task A_record_at_the_turn_of_an_hour_counts_in_the_hour_it_began()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        var random = new Random(7);
        UsageEvent[] records = [Create(random, Start.AddMilliseconds(-1)), Create(random, Start), Create(random, Start.AddHours(1).AddMilliseconds(-1)), Create(random, Start.AddHours(1))];
        await using var app = NpgsqlDataSource.Create(database.App);
        await new UsageWriter(app).WriteAsync(records, Ct);

        var hours = await CatchUpAsync(database);

        Assert.Equal(3, hours);
        await AssertSumsAsync(database, records);
    }

    [Fact]
    public async Task A_run_that_ends_half_way_is_made_good_by_the_next_one()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        var records = Enumerable.Range(0, 60).Select(i => Create(new Random(i), Start.AddMinutes(i * 5))).ToList();
        await using var app = NpgsqlDataSource.Create(database.App);
        await new UsageWriter(app).WriteAsync(records, Ct);
        // The third hour cannot be written until the constraint is gone again.
        await Sql.ExecuteAsync(database.Superuser, $"ALTER TABLE usage_rollup_hour ADD CONSTRAINT stop CHECK (hour <> '{Start.AddHours(2):u}')", Ct);
        await Assert.ThrowsAsync<PostgresException>(() => CatchUpAsync(database));
        await Sql.ExecuteAsync(database.Superuser, "ALTER TABLE usage_rollup_hour DROP CONSTRAINT stop", Ct);

        await CatchUpAsync(database);

        await AssertSumsAsync(database, records);
    }

    [Fact]
    public async Task The_watermark_never_goes_back()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        await Sql.ExecuteAsync(database.Superuser, "INSERT INTO rollup_watermarks VALUES ('usage_rollup_hour', '2099-01-01Z')", Ct);

        await CatchUpAsync(database);

        Assert.Equal(2099, (await Sql.ScalarAsync<DateTime>(database.Superuser, "SELECT recorded_up_to FROM rollup_watermarks", Ct)).Year);
    }

    // As the worker's role, so that its rights are proven sufficient as well.
    private static async Task<int> CatchUpAsync(TestDatabase database)
    {
        await using var db = Open(database.Worker);
        return await new RollupService(db).CatchUpAsync(Ct);
    }

    private static AistraleDbContext Open(string connectionString) => new(
        new DbContextOptionsBuilder<AistraleDbContext>()
            .UseNpgsql(connectionString, npgsql => npgsql.SetPostgresVersion(15, 0).MigrationsHistoryTable("__ef_migrations"))
            .UseSnakeCaseNamingConvention()
            .Options);

    private static async Task AssertSumsAsync(TestDatabase database, IReadOnlyList<UsageEvent> records)
    {
        var expected = records
            .GroupBy(r => (Hour: new DateTimeOffset(r.StartedAt.Year, r.StartedAt.Month, r.StartedAt.Day, r.StartedAt.Hour, 0, 0, TimeSpan.Zero), r.WorkspaceId, r.Provider, r.Model, r.UserId, r.KeyId, r.PromptId))
            .Select(group => string.Join(
                ' ',
                group.Key,
                group.Count(),
                group.Count(r => r.Status is "error" or "interrupted"),
                group.Count(r => r.CostUsd is null && r.Provider is not null),
                group.Sum(r => r.InputTokens ?? 0),
                group.Sum(r => r.CachedInputTokens ?? 0),
                group.Sum(r => r.CacheWriteTokens ?? 0),
                group.Sum(r => r.OutputTokens ?? 0),
                group.Sum(r => r.ReasoningTokens ?? 0),
                group.Sum(r => r.CostUsd ?? 0).ToString("0.000000000000")))
            .Order(StringComparer.Ordinal);
        await using var db = Open(database.Superuser);
        var actual = (await db.UsageRollups.AsNoTracking().ToListAsync(Ct))
            .Select(row => string.Join(
                ' ',
                (row.Hour, row.WorkspaceId, row.Provider, row.Model, row.UserId, row.KeyId, row.PromptId),
                row.Requests,
                row.Errors,
                row.UnpricedRequests,
                row.InputTokens,
                row.CachedInputTokens,
                row.CacheWriteTokens,
                row.OutputTokens,
                row.ReasoningTokens,
                row.CostUsd.ToString("0.000000000000")))
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, actual);
    }

    private static UsageEvent Create(Random random, DateTimeOffset startedAt)
    {
        var id = Guid.CreateVersion7(startedAt);
        var refused = random.Next(8) == 0;
        long? Tokens(int most) => refused ? null : random.Next(most);
        return new UsageEvent
        {
            Id = id,
            StartedAt = UsageIds.StartedAt(id)!.Value,
            WorkspaceId = Workspaces[random.Next(Workspaces.Length)],
            KeyId = Keys[random.Next(Keys.Length)],
            Source = "gateway",
            Dialect = "chat_completions",
            RequestedModel = "gpt-4o-mini",
            Provider = refused ? null : random.Next(2) == 0 ? "openai" : "groq",
            Model = refused ? null : "gpt-4o-mini",
            Status = refused ? "refused" : random.Next(5) switch { 0 => "error", 1 => "interrupted", _ => "ok" },
            UsageQuality = refused ? "none" : "exact",
            InputTokens = Tokens(5_000),
            CachedInputTokens = Tokens(100),
            CacheWriteTokens = Tokens(100),
            OutputTokens = Tokens(3_000),
            ReasoningTokens = Tokens(500),
            CostUsd = refused || random.Next(6) == 0 ? null : random.NextInt64(1, 1_000_000_000_000) / 1_000_000_000_000m,
            PriceRows = "[]",
            Attempts = "[]",
            LatencyMs = random.Next(10_000),
        };
    }
}
