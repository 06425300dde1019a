using System.Globalization;
using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Npgsql;
using Xunit;

namespace Aistrale.Tests.Shared;

/// <summary>
/// One PostgreSQL and one Redis for a whole test assembly, started by LocalHost's own classes when a test first asks for them.
/// </summary>
/// <remarks>Register it once: <c>[assembly: AssemblyFixture(typeof(LocalServers))]</c>; test classes take it in their constructor.</remarks>
public sealed class LocalServers : IAsyncLifetime
{
    // What is lost when the machine loses power does not matter to a test; the time to wait for the disk does.
    private static readonly string[] FastSettings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private RunningServers? _running;
    private int _databases;
    private int _redisDatabases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A database of its own, empty, with the three roles that the services use.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken ct)
    {
        var running = await StartedAsync(ct);
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(running.Superuser, $"create database {name} owner {ServerAddresses.MigratorRole}", ct);
        return new TestDatabase(
            name,
            OnDatabase(running.Addresses.App, name),
            OnDatabase(running.Addresses.Worker, name),
            OnDatabase(running.Addresses.Migrator, name),
            OnDatabase(running.Superuser, name));
    }

    /// <summary>A connection string in StackExchange.Redis' form with a logical database of its own. Published messages cross these databases.</summary>
    public async Task<string> CreateRedisAsync(CancellationToken ct)
    {
        var running = await StartedAsync(ct);
        return $"{running.Addresses.Redis},defaultDatabase={Interlocked.Increment(ref _redisDatabases)}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.Session.DisposeAsync();
            running.Folder.Dispose();
        }

        _gate.Dispose();
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string OnDatabase(string connectionString, string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    private async Task<RunningServers> StartedAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            return _running ??= await StartAsync(ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<RunningServers> StartAsync(CancellationToken ct)
    {
        var folder = new TemporaryFolder("servers");
        var settings = new HostSettings
        {
            Home = new HomeFolder(folder.Path),
            Inherited = new Dictionary<string, string>(),
            ServersOnly = true,
            PostgresSettings = FastSettings,
        };
        var session = await Session.OpenAsync(settings, fresh: false, restartsOnCrash: true, TimeProvider.System, ct);
        await session.StartAsync(ct);

        var passwords = Passwords.Load(settings.Home);
        var addresses = session.Topology.Servers;
        // Roles belong to the whole server. Made here, by the migrator as in production, so that migrations of several
        // databases that run at the same time all find them.
        var onServer = OnDatabase(addresses.Migrator, "postgres");
        await ExecuteAsync(onServer, $"create role {ServerAddresses.AppRole} login password '{passwords.App}'", ct);
        await ExecuteAsync(onServer, $"create role {ServerAddresses.WorkerRole} login password '{passwords.Worker}'", ct);
        return new RunningServers(folder, session, addresses, session.Topology.PostgresSuperuser!);
    }

    private sealed record RunningServers(TemporaryFolder Folder, Session Session, ServerAddresses Addresses, string Superuser);
}

/// <summary>Connection strings of one test database; <see cref="Superuser"/> is for looking and for breaking things on purpose.</summary>
public sealed record TestDatabase(string Name, string App, string Worker, string Migrator, string Superuser);

/// <summary>A folder that the servers' unprivileged user can reach, removed at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string purpose)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"aistrale-{purpose}-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), name);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
