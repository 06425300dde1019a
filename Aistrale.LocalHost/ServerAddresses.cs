using Aistrale.LocalHost.Home;

namespace Aistrale.LocalHost;

/// <summary>The connection strings handed to the services: of servers started here, or of those named in the environment.</summary>
internal sealed record ServerAddresses(string App, string Worker, string Migrator, string Redis)
{
    public const string DatabaseName = "aistrale";
    public const string AppRole = "aistrale_app";
    public const string WorkerRole = "aistrale_worker";
    public const string MigratorRole = "aistrale_migrator";

    public static ServerAddresses From(HostSettings settings, PortBook ports, Passwords passwords)
    {
        var own = new ServerAddresses(
            Database(ports.Postgres, DatabaseName, AppRole, passwords.App),
            Database(ports.Postgres, DatabaseName, WorkerRole, passwords.Worker),
            Database(ports.Postgres, DatabaseName, MigratorRole, passwords.Migrator),
            RedisServer(ports.Redis, passwords.Redis));
        if (settings.ExternalDatabase is { } database)
        {
            // Only the first given: all use it (rulings 23; doctor warns).
            own = own with
            {
                App = database,
                Worker = settings.Inherited.GetValueOrDefault("ConnectionStrings__aistraledb-worker", database),
                Migrator = settings.Inherited.GetValueOrDefault("ConnectionStrings__aistraledb-migrator", database),
            };
        }

        return settings.ExternalRedis is { } redis ? own with { Redis = redis } : own;
    }

    public static string Database(int port, string database, string role, string password) =>
        $"Host=127.0.0.1;Port={port};Database={database};Username={role};Password={password}";

    public static string RedisServer(int port, string password) => $"127.0.0.1:{port},password={password}";
}
