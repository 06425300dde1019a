using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aistrale.Core.Data;

/// <summary>Keeps every <see cref="ISnapshotSource"/> current: all at start, each when its table changes (pushed over Redis, polled each second).</summary>
internal sealed partial class SnapshotRefresher(
    IEnumerable<ISnapshotSource> sources,
    IDbContextFactory<AistraleDbContext> contexts,
    IConnectionMultiplexer redis,
    ChangeBus bus,
    TimeProvider clock,
    ILogger<SnapshotRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly ISnapshotSource[] _sources = [.. sources];
    private readonly SemaphoreSlim _loading = new(1, 1);
    private Dictionary<string, long> _stamps = [];
    private long _freshAtTicks;

    /// <summary>When the snapshots were last known to equal the database; null before the first load.</summary>
    public DateTimeOffset? FreshAt => Interlocked.Read(ref _freshAtTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Loads everything. A wrong key-encryption key or an unmigrated database ends the start; an unreachable database is waited for.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        bus.OnLocalChange(topic => ReloadAsync(topic, CancellationToken.None));
        try
        {
            await PollAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            LogDatabaseUnavailable(exception.GetType().Name);
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _loading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await SubscribeAsync(stoppingToken);
        using var timer = new PeriodicTimer(PollInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PollAsync(stoppingToken);
            }
            catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
            {
                LogDatabaseUnavailable(exception.GetType().Name);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // An exception out of here would stop the service. What is in memory serves on; readiness ends when it grows too old.
                LogRefreshFailed(exception);
            }
        }
    }

    private async Task SubscribeAsync(CancellationToken ct)
    {
        try
        {
            var queue = await redis.GetSubscriber().SubscribeAsync(ChangeBus.Channel);
            queue.OnMessage(message => ReloadAsync(message.Message.ToString(), ct));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // StackExchange.Redis remembers no failed subscription; polling carries on alone.
            LogSubscribeFailed(exception.GetType().Name);
        }
    }

    private async Task PollAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var stamps = await db.ChangeStamps.AsNoTracking().ToDictionaryAsync(stamp => stamp.Topic, stamp => stamp.Version, ct);
        foreach (var source in _sources)
        {
            var stamp = stamps.GetValueOrDefault(source.Topic);
            if (!_stamps.TryGetValue(source.Topic, out var seen) || seen != stamp)
            {
                await LoadAsync(source, ct);
            }
        }

        _stamps = stamps;
        Interlocked.Exchange(ref _freshAtTicks, now.UtcTicks);
    }

    private async Task ReloadAsync(string topic, CancellationToken ct)
    {
        try
        {
            foreach (var source in _sources.Where(source => source.Topic == topic))
            {
                await LoadAsync(source, ct);
            }
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            LogDatabaseUnavailable(exception.GetType().Name);
        }
    }

    private async Task LoadAsync(ISnapshotSource source, CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            await source.LoadAsync(ct);
        }
        finally
        {
            _loading.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer ({Reason}); keys, tokens and prices in memory stay in use")]
    private partial void LogDatabaseUnavailable(string reason);

    [LoggerMessage(LogLevel.Error, "Keys, tokens and users could not be refreshed; what is in memory stays in use")]
    private partial void LogRefreshFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "No subscription to change messages ({Reason}); changes are noticed by polling")]
    private partial void LogSubscribeFailed(string reason);
}
