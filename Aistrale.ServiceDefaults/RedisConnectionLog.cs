using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aistrale.ServiceDefaults;

/// <summary>
/// Opens the Redis connection in the background at start, and writes one line when it is lost and one when it is back.
/// The client's own log, dozens of lines for each attempt, is switched off in <see cref="Extensions"/>.
/// </summary>
internal sealed partial class RedisConnectionLog(IServiceProvider services, ILogger<RedisConnectionLog> logger) : BackgroundService
{
    private int _lost;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Asked for here and not in the constructor: connecting may take a second, and the start does not wait for it.
        var redis = services.GetRequiredService<IConnectionMultiplexer>();
        redis.ConnectionFailed += (_, failure) => NoteLost(failure.FailureType);
        redis.ConnectionRestored += (_, _) => NoteRestored(redis);
        if (!redis.IsConnected)
        {
            NoteLost(ConnectionFailureType.UnableToConnect);
        }

        return Task.CompletedTask;
    }

    // A connection has two sockets and each fails on its own: say it once.
    private void NoteLost(ConnectionFailureType reason)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0)
        {
            LogLost(reason);
        }
    }

    private void NoteRestored(IConnectionMultiplexer redis)
    {
        if (redis.IsConnected && Interlocked.Exchange(ref _lost, 0) == 1)
        {
            LogRestored();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis is out of reach ({Reason}); trying to connect in the background")]
    private partial void LogLost(ConnectionFailureType reason);

    [LoggerMessage(LogLevel.Information, "Redis is connected again")]
    private partial void LogRestored();
}
