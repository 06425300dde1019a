using System.Data;
using Aistrale.Core.Data;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using StackExchange.Redis;
using Xunit;

namespace Aistrale.UnitTests.Core.Data;

public sealed class SnapshotRefresherTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(Calls.Now);
    private readonly FakeDatabase _database = new();
    private readonly CountingSource _source = new();
    private ConnectionMultiplexer _redis = null!;
    private SnapshotRefresher _refresher = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        SetStamp(1);

        // A Redis that is not there: only polling is left.
        _redis = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { "127.0.0.1:1" },
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            ConnectTimeout = 100,
            ConnectRetry = 0,
        });
        _refresher = new SnapshotRefresher([_source], _database, _redis, new ChangeBus(_redis, NullLogger<ChangeBus>.Instance), _clock, NullLogger<SnapshotRefresher>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _refresher.StopAsync(CancellationToken.None);
        _refresher.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Everything_is_loaded_before_the_start_is_over_and_not_again_while_nothing_changes()
    {
        await _refresher.StartAsync(Ct);
        Assert.Equal((1, Calls.Now), (_source.Loaded, _refresher.FreshAt));

        await TickUntilFreshAsync();
        Assert.Equal(1, _source.Loaded);

        SetStamp(2);
        await TickUntilFreshAsync();
        Assert.Equal(2, _source.Loaded);
    }

    [Fact]
    public async Task A_database_that_is_away_at_the_start_is_waited_for()
    {
        _database.Failure = new NpgsqlException("down");
        await _refresher.StartAsync(Ct);
        Assert.Null(_refresher.FreshAt);

        _database.Failure = null;
        await TickUntilFreshAsync();
        Assert.Equal(1, _source.Loaded);
    }

    [Fact]
    public async Task A_database_that_is_not_migrated_ends_the_start()
    {
        _database.Failure = new PostgresException("no table", "ERROR", "ERROR", PostgresErrorCodes.UndefinedTable);

        await Assert.ThrowsAsync<PostgresException>(() => _refresher.StartAsync(Ct));
    }

    [Fact]
    public async Task A_database_that_fails_in_any_other_way_later_does_not_end_the_service()
    {
        await _refresher.StartAsync(Ct);
        _database.Failure = new PostgresException("cancelled", "ERROR", "ERROR", PostgresErrorCodes.QueryCanceled);
        var asked = _database.Asked;
        while (_database.Asked < asked + 3)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Ct);
        }

        Assert.Equal(Calls.Now, _refresher.FreshAt);
        _database.Failure = null;
        await TickUntilFreshAsync();
        Assert.False(_refresher.ExecuteTask!.IsCompleted);
    }

    private void SetStamp(long version)
    {
        var stamps = new DataTable();
        stamps.Columns.Add("topic", typeof(string));
        stamps.Columns.Add("version", typeof(long));
        stamps.Rows.Add(Topics.Users, version);
        _database.Rows = stamps;
    }

    private async Task TickUntilFreshAsync()
    {
        var before = _refresher.FreshAt;
        while (_refresher.FreshAt is not { } freshAt || freshAt == before)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Ct);
        }
    }

    private sealed class CountingSource : ISnapshotSource
    {
        public string Topic => Topics.Users;

        public int Loaded { get; private set; }

        public Task LoadAsync(CancellationToken ct)
        {
            Loaded++;
            return Task.CompletedTask;
        }
    }
}
