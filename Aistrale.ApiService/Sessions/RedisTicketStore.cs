using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using StackExchange.Redis;

namespace Aistrale.ApiService.Sessions;

/// <summary>Redis did not answer, so nobody can say whether a session exists.</summary>
internal sealed class SessionStoreUnavailableException(Exception cause) : Exception("The session store does not answer.", cause);

/// <summary>Sessions on the server: the ticket lies in Redis under the hash of its id and ends with its entry there.</summary>
internal sealed class RedisTicketStore(IConnectionMultiplexer redis, TimeProvider clock) : ITicketStore
{
    private static readonly TimeSpan Fallback = TimeSpan.FromMinutes(30);

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var id = SessionIds.Create();
        await GuardAsync(() => Sessions.StringSetAsync(SessionIds.RedisKey(id), TicketSerializer.Default.Serialize(ticket), Lifetime(ticket)));
        return id;
    }

    // Only what is still there is renewed: a request that was under way when somebody signed out revives nothing.
    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        GuardAsync(() => Sessions.StringSetAsync(SessionIds.RedisKey(key), TicketSerializer.Default.Serialize(ticket), Lifetime(ticket), When.Exists));

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var stored = await GuardAsync(() => Sessions.StringGetAsync(SessionIds.RedisKey(key)));
        return stored.IsNull ? null : TicketSerializer.Default.Deserialize((byte[])stored!);
    }

    public Task RemoveAsync(string key) => GuardAsync(() => Sessions.KeyDeleteAsync(SessionIds.RedisKey(key)));

    private IDatabase Sessions => redis.GetDatabase();

    private TimeSpan Lifetime(AuthenticationTicket ticket) => ticket.Properties.ExpiresUtc is { } expires ? expires - clock.GetUtcNow() : Fallback;

    private static async Task<T> GuardAsync<T>(Func<Task<T>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new SessionStoreUnavailableException(exception);
        }
    }
}
