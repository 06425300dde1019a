using Aistrale.Contracts;
using StackExchange.Redis;

namespace Aistrale.Worker.Commands.Doctor;

/// <summary>Without Redis nobody can sign in; keys and inference go on.</summary>
internal static class RedisCheck
{
    private const string Subject = "redis";
    private const int TimeoutMs = 3_000;

    public static async Task<Finding> RunAsync(IConfiguration configuration, CancellationToken ct)
    {
        if (configuration.GetConnectionString(ResourceNames.Redis) is not { Length: > 0 } text)
        {
            return Finding.Fail(Subject, $"not configured: set ConnectionStrings__{ResourceNames.Redis} to \"host:port,password=…\"");
        }

        try
        {
            var options = ConfigurationOptions.Parse(text);
            options.AbortOnConnectFail = true;
            options.ConnectRetry = 1;
            options.ConnectTimeout = TimeoutMs;
            options.AsyncTimeout = TimeoutMs;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(ct);
            var latency = await redis.GetDatabase().PingAsync();
            return Finding.Ok(Subject, $"answers in {latency.TotalMilliseconds:0.0} ms");
        }
        catch (ArgumentException)
        {
            return Finding.Fail(Subject, $"ConnectionStrings__{ResourceNames.Redis} cannot be read: write \"host:port,password=…\", without a comma in the password");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return Finding.Fail(Subject, $"does not answer ({exception.GetType().Name}): start it, or correct address and password in ConnectionStrings__{ResourceNames.Redis}; nobody can sign in without it");
        }
    }
}
