using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aistrale.Core.Data;

/// <summary>
/// Tells every instance that a table changed: this one at once and awaited, the others over Redis.
/// Losing a message costs a second, not correctness: <see cref="SnapshotRefresher"/> polls the change stamps too.
/// </summary>
public sealed partial class ChangeBus(IConnectionMultiplexer redis, ILogger<ChangeBus> logger)
{
    internal static readonly RedisChannel Channel = RedisChannel.Literal("aistrale:changed");

    private Func<string, Task>? _local;

    /// <summary>Raised before <see cref="RaiseAsync"/> returns, so whoever made the change sees it applied here.</summary>
    internal void OnLocalChange(Func<string, Task> handler) => _local = handler;

    public async Task RaiseAsync(IEnumerable<string> topics)
    {
        foreach (var topic in topics)
        {
            if (_local is { } local)
            {
                await local(topic);
            }

            try
            {
                await redis.GetSubscriber().PublishAsync(Channel, topic, CommandFlags.FireAndForget);
            }
            catch (RedisException exception)
            {
                LogPublishFailed(topic, exception.GetType().Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Change of {Topic} was not announced ({Reason}); other instances notice by polling")]
    private partial void LogPublishFailed(string topic, string reason);
}
