using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StackExchange.Redis;
#if !ASPIRE
using Microsoft.Extensions.Logging;
#endif

namespace Aistrale.ServiceDefaults;

/// <summary>
/// The database and Redis clients: through Aspire's client integrations where those can be restored (ASPIRE), with equal
/// settings on the plain drivers where not. No other file of the services may need an Aspire package.
/// Neither client brings a health check: the gateway answers without them and must stay in rotation when they are down.
/// </summary>
public static class DataClients
{
    private const int CommandTimeoutSeconds = 30;
    private const int RedisTimeoutMs = 500;
    private const int RedisHeartbeatMs = 200;
    private const int RedisReconnectMaxMs = 5_000;

    /// <summary>
    /// Registers an <see cref="NpgsqlDataSource"/> (singleton), and on it <typeparamref name="TContext"/> (scoped) and
    /// <see cref="IDbContextFactory{TContext}"/> (singleton). A role's connection string, such as <c>aistraledb-worker</c>,
    /// falls back to <c>aistraledb</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No usable connection string is configured.</exception>
    public static IHostApplicationBuilder AddAistraleDatabase<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        // The name becomes the pool's label in metrics; the default label is the connection string.
        builder.Services.AddNpgsqlDataSource(
            DatabaseConnectionString(builder, connectionName),
            dataSource => dataSource.Name = connectionName);

        // No retrying execution strategy: it forbids transactions that the caller opens, unless each is wrapped in a delegate
        // that may run twice. Only opening a connection is retried, which has no effect to repeat.
        builder.Services.AddDbContextFactory<TContext>((services, options) =>
        {
            options
                .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql
                    .SetPostgresVersion(15, 0)
                    .MigrationsHistoryTable("__ef_migrations")
                    .CommandTimeout(CommandTimeoutSeconds))
                .UseSnakeCaseNamingConvention()
                .AddInterceptors(ConnectionOpenRetry.Instance);
            configure?.Invoke(options);
        });

#if ASPIRE
        builder.EnrichNpgsqlDbContext<TContext>(settings =>
        {
            settings.DisableRetry = true;
            settings.DisableHealthChecks = true;
        });
#endif
        return builder;
    }

    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> (singleton). A Redis that is down neither stops nor delays the start:
    /// the client connects in the background and each command fails at once until then.
    /// </summary>
    /// <exception cref="InvalidOperationException">No usable connection string is configured.</exception>
    public static IHostApplicationBuilder AddAistraleRedis(this IHostApplicationBuilder builder, string connectionName)
    {
        // Read here so that a missing connection string stops the start, not the first command.
        var options = RedisOptions(builder, connectionName);
#if ASPIRE
        builder.AddRedisClient(
            connectionName,
            settings => settings.DisableHealthChecks = true,
            client =>
            {
                client.ClientName ??= options.ClientName;
                FailFast(client);
            });
#else
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            options.LoggerFactory = services.GetRequiredService<ILoggerFactory>();
            return ConnectionMultiplexer.Connect(options);
        });
#endif
        builder.Services.AddHostedService<RedisConnectionLog>();
        return builder;
    }

    private static string DatabaseConnectionString(IHostApplicationBuilder builder, string connectionName)
    {
        var sharedName = connectionName.Split('-')[0];
        var text = builder.Configuration.GetConnectionString(connectionName);
        if (string.IsNullOrWhiteSpace(text))
        {
            text = builder.Configuration.GetConnectionString(sharedName);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidOperationException(
                $"No database is configured: set ConnectionStrings__{sharedName} to \"Host=…;Port=…;Database=…;Username=…;Password=…\".");
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            connection.ApplicationName ??= builder.Environment.ApplicationName;
            return connection.ConnectionString;
        }
        catch (ArgumentException)
        {
            // The parser's own message can repeat what it read, so it is dropped: it may hold the password.
            throw new InvalidOperationException(
                $"ConnectionStrings__{connectionName} cannot be read: write \"Host=…;Port=…;Database=…;Username=…;Password=…\", without ; or \" in the password.");
        }
    }

    private static ConfigurationOptions RedisOptions(IHostApplicationBuilder builder, string connectionName)
    {
        var text = builder.Configuration.GetConnectionString(connectionName);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidOperationException(
                $"No Redis is configured: set ConnectionStrings__{connectionName} to \"host:port,password=…\".");
        }

        try
        {
            var options = ConfigurationOptions.Parse(text);
            options.ClientName ??= builder.Environment.ApplicationName;
            FailFast(options);
            return options;
        }
        catch (ArgumentException)
        {
            throw new InvalidOperationException(
                $"ConnectionStrings__{connectionName} cannot be read: write \"host:port,password=…\", without a comma in the password.");
        }
    }

    private static void FailFast(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        // The default queues commands until Redis is back: every request would hang for the whole timeout.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = RedisTimeoutMs;
        options.SyncTimeout = RedisTimeoutMs;
        options.AsyncTimeout = RedisTimeoutMs;
        // Time-outs are only looked at on a heartbeat, so its length is added to them.
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(RedisHeartbeatMs);
        options.ConnectRetry = 3;
        options.ReconnectRetryPolicy = new ExponentialRetry(RedisTimeoutMs, RedisReconnectMaxMs);
    }
}
