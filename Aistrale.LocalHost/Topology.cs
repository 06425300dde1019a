using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost;

/// <summary>
/// The same resources as the app host's, as processes: what there is, what waits for what, and the order of stopping.
/// </summary>
internal sealed class Topology : IAsyncDisposable
{
    private static readonly TimeSpan MigrationLimit = TimeSpan.FromMinutes(5);

    // Together with the servers' 3 s these stay below the 10 s that a stop may take.
    private static readonly TimeSpan WebGrace = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan ServiceGrace = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SandboxGrace = TimeSpan.FromSeconds(1);

    /// <summary>Each row stops when the one before has ended: nothing loses what it still writes to.</summary>
    private static readonly string[][] StopOrder =
    [
        [ServiceNames.Migrations, ServiceNames.Web],
        [ServiceNames.ApiService, ServiceNames.Worker],
        [ServiceNames.Sandbox],
        [RedisProcess.ServiceName, PostgresProcess.ServiceName],
    ];

    private readonly HostSettings _settings;
    private readonly TimeProvider _clock;
    private readonly PostgresProcess? _postgres;
    private readonly RedisProcess? _redis;
    private readonly ServiceEnvironment _environments;
    private readonly PortBook _ports;
    private readonly List<ServiceStatus> _planned = [];
    private readonly Dictionary<string, SupervisedProcess> _processes = [];
    private readonly Lock _gate = new();

    public Topology(HostSettings settings, PortBook ports, Passwords passwords, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _ports = ports;
        Servers = ServerAddresses.From(settings, ports, passwords);
        _environments = new ServiceEnvironment(settings, Servers, ports);
        if (settings.ExternalDatabase is null)
        {
            _postgres = new PostgresProcess(settings.Home, ports.Postgres, passwords, settings.PostgresSettings);
            _planned.Add(new ServiceStatus(PostgresProcess.ServiceName, ports.Postgres));
        }

        if (settings.ExternalRedis is null)
        {
            _redis = new RedisProcess(settings.Home, ports.Redis, passwords);
            _planned.Add(new ServiceStatus(RedisProcess.ServiceName, ports.Redis));
        }

        if (!settings.ServersOnly)
        {
            _planned.AddRange(ServiceSpecs().Select(spec => new ServiceStatus(spec.Name, spec.Port)));
        }
    }

    /// <summary>Raised after each change of a status, from any thread.</summary>
    public event Action? Changed;

    public ServerAddresses Servers { get; }

    /// <summary>Null when the database is not ours. Only for tests and for looking after the server.</summary>
    public string? PostgresSuperuser => _postgres?.SuperuserConnection;

    /// <summary>False: what is killed stays down until it is started by hand (tests).</summary>
    public bool RestartsOnCrash { get; init; } = true;

    public SupervisedProcess this[string service]
    {
        get
        {
            lock (_gate)
            {
                return _processes[service];
            }
        }
    }

    public IReadOnlyList<ServiceStatus> Statuses()
    {
        lock (_gate)
        {
            return [.. _planned.Select(planned => _processes.TryGetValue(planned.Name, out var process) ? process.Status : planned)];
        }
    }

    /// <summary>Returns when everything is healthy. When one part fails the others are given up; the caller then stops what runs.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var servers = StartServersAsync(giveUp.Token);
        var parts = new List<Task> { servers };
        if (!_settings.ServersOnly)
        {
            parts.Add(StartServicesAsync(servers, giveUp.Token));
            if (_settings.WithSandbox)
            {
                parts.Add(StartOneAsync(SandboxSpec(), giveUp.Token));
            }
        }

        while (parts.Count > 0)
        {
            var done = await Task.WhenAny(parts);
            parts.Remove(done);
            if (!done.IsCompletedSuccessfully)
            {
                await giveUp.CancelAsync();
                await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await done;
        }
    }

    public async Task StopAsync()
    {
        foreach (var row in StopOrder)
        {
            List<SupervisedProcess> running;
            lock (_gate)
            {
                running = [.. row.Where(_processes.ContainsKey).Select(name => _processes[name])];
            }

            await Task.WhenAll(running.Select(process => process.StopAsync()));
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StartServersAsync(CancellationToken ct) =>
        await Task.WhenAll(StartPostgresAsync(ct), StartRedisAsync(ct));

    private async Task StartPostgresAsync(CancellationToken ct)
    {
        if (_postgres is not null)
        {
            Announce(PostgresProcess.ServiceName, Directory.Exists(_settings.Home.Postgres) ? null : "making its data folder");
            await StartOneAsync(await _postgres.PrepareAsync(ct), ct);
            await _postgres.EnsureDatabaseAsync(ct);
        }
    }

    private async Task StartRedisAsync(CancellationToken ct)
    {
        if (_redis is not null)
        {
            await StartOneAsync(await _redis.PrepareAsync(ct), ct);
        }
    }

    private async Task StartServicesAsync(Task servers, CancellationToken ct)
    {
        await servers;
        await Register(MigrationsSpec()).RunToCompletionAsync(ct);
        await Task.WhenAll(StartOneAsync(ApiServiceSpec(), ct), StartOneAsync(WorkerSpec(), ct));
        await StartOneAsync(WebSpec(), ct);
    }

    /// <summary>For the time before there is a process to ask.</summary>
    private void Announce(string service, string? detail)
    {
        lock (_gate)
        {
            var at = _planned.FindIndex(planned => planned.Name == service);
            _planned[at] = _planned[at] with { State = ServiceState.Starting, Detail = detail };
        }

        Changed?.Invoke();
    }

    private Task StartOneAsync(ProcessSpec spec, CancellationToken ct) => Register(spec).StartAsync(ct);

    private SupervisedProcess Register(ProcessSpec spec)
    {
        LogFiles.Rotate(spec.LogFile);
        var process = new SupervisedProcess(spec, _clock, _ => Changed?.Invoke()) { RestartsOnCrash = RestartsOnCrash };
        lock (_gate)
        {
            _processes[spec.Name] = process;
        }

        return process;
    }

    private List<ProcessSpec> ServiceSpecs() =>
        _settings.WithSandbox
            ? [SandboxSpec(), MigrationsSpec(), ApiServiceSpec(), WorkerSpec(), WebSpec()]
            : [MigrationsSpec(), ApiServiceSpec(), WorkerSpec(), WebSpec()];

    private ProcessSpec MigrationsSpec() =>
        ServiceProcess.Create(_settings.Home, ServiceNames.Migrations, "Aistrale.Worker", null, _environments.Migrations(), "migrate")
            with
        { StartLimit = MigrationLimit };

    private ProcessSpec ApiServiceSpec() =>
        ServiceProcess.Create(_settings.Home, ServiceNames.ApiService, "Aistrale.ApiService", _settings.ApiPort, _environments.ApiService())
            with
        { StopGrace = ServiceGrace };

    private ProcessSpec WorkerSpec() =>
        ServiceProcess.Create(_settings.Home, ServiceNames.Worker, "Aistrale.Worker", _ports.Worker, _environments.Worker())
            with
        { StopGrace = ServiceGrace };

    private ProcessSpec WebSpec() =>
        ServiceProcess.Create(_settings.Home, ServiceNames.Web, "Aistrale.Web", _settings.WebPort, _environments.Web())
            with
        { StopGrace = WebGrace };

    private ProcessSpec SandboxSpec() =>
        ServiceProcess.Create(_settings.Home, ServiceNames.Sandbox, "Aistrale.Sandbox", _settings.SandboxPort, _environments.Sandbox())
            with
        { StopGrace = SandboxGrace };
}
