using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.Tests.Shared;

/// <summary>
/// The whole product as real processes on free ports in a data folder of its own: PostgreSQL, Redis, migrations, Sandbox, ApiService,
/// Worker and Web, started by LocalHost's own classes. Nothing restarts by itself, so that a test decides what runs.
/// </summary>
public sealed class LocalStack : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly HostSettings _settings;
    private readonly Session _session;

    private LocalStack(TemporaryFolder folder, HostSettings settings, Session session)
    {
        _folder = folder;
        _settings = settings;
        _session = session;
    }

    public const string ApiService = ServiceNames.ApiService;
    public const string Worker = ServiceNames.Worker;
    public const string Web = ServiceNames.Web;
    public const string Sandbox = ServiceNames.Sandbox;
    public const string Postgres = PostgresProcess.ServiceName;
    public const string Redis = RedisProcess.ServiceName;

    public string AdminEmail => _settings.Inherited["AISTRALE_ADMIN_EMAIL"];
    public string AdminPassword => _settings.Inherited["AISTRALE_ADMIN_PASSWORD"];

    /// <summary>The console's origin as a browser names it; the public origin for cookie requests.</summary>
    public Uri WebOrigin => new($"http://localhost:{_settings.WebPort}");
    public Uri ApiOrigin => new($"http://127.0.0.1:{_settings.ApiPort}");
    public Uri SandboxOrigin => new($"http://127.0.0.1:{_settings.SandboxPort}");

    public string DatabaseConnection => _session.Topology.Servers.App;
    public string SuperuserConnection => new Npgsql.NpgsqlConnectionStringBuilder(_session.Topology.PostgresSuperuser!) { Database = ServerAddresses.DatabaseName }.ConnectionString;
    public string RedisConnection => _session.Topology.Servers.Redis;
    /// <summary>The run itself, for tests of LocalHost.</summary>
    internal Session Session => _session;

    public string HomePath => _settings.Home.Root;

    /// <summary>Returns when everything is healthy; otherwise throws with the last lines of the log of what failed.</summary>
    public static async Task<LocalStack> StartAsync(CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        var folder = new TemporaryFolder("stack");
        var taken = new HashSet<int>();
        var inherited = HostSettings.ProcessEnvironment()
            .Where(entry => !entry.Key.StartsWith("AISTRALE_", StringComparison.Ordinal) && !entry.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal))
            .ToDictionary();
        inherited["AISTRALE_ADMIN_EMAIL"] = "admin@example.org";
        inherited["AISTRALE_ADMIN_PASSWORD"] = RandomNumberGenerator.GetHexString(24, lowercase: true);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            inherited[key] = value;
        }

        var settings = new HostSettings
        {
            Home = new HomeFolder(folder.Path),
            Inherited = inherited,
            WebPort = PortBook.ChooseFree(taken),
            ApiPort = PortBook.ChooseFree(taken),
            SandboxPort = PortBook.ChooseFree(taken),
        };
        Session? session = null;
        try
        {
            session = await Session.OpenAsync(settings, fresh: false, restartsOnCrash: false, TimeProvider.System, ct);
            await session.StartAsync(ct);
            return new LocalStack(folder, settings, session);
        }
        catch
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync(string service, CancellationToken ct)
    {
        var process = _session.Topology[service];
        process.Kill();
        await WaitUntilAsync(() => process.Status.Process is null, ct);
    }

    /// <summary>An orderly stop.</summary>
    public Task StopAsync(string service) => _session.Topology[service].StopAsync();

    /// <summary>Starts again what was killed or stopped; returns when it is healthy.</summary>
    public Task StartAsync(string service, CancellationToken ct) => _session.Topology[service].StartAsync(ct);

    public int? ProcessIdOf(string service) => _session.Topology[service].Status.Process?.ProcessId;

    public string LogOf(string service, int lines = 200) => string.Join('\n', LogFiles.Tail(_settings.Home.LogOf(service), lines));

    /// <summary>The end of every log, for the message of a failing test.</summary>
    public string AllLogs(int lines = 40)
    {
        var text = new StringBuilder();
        foreach (var service in ServiceNames.WithLogs)
        {
            text.AppendLine($"--- {service}").AppendLine(LogOf(service, lines));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task WaitUntilAsync(Func<bool> condition, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException("The service is still there 20 s after kill -9.");
            }

            await Task.Delay(20, ct);
        }
    }
}
