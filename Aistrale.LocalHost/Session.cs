using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost;

/// <summary>
/// One run of the stack in one data folder, from taking the lock to giving it back; keeps the state file true meanwhile.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    /// <summary>What a killed launcher leaves ends by itself within this time: the servers' delay and grace, and a little more.</summary>
    private static readonly TimeSpan LeftoverLimit = TimeSpan.FromSeconds(12);

    private readonly HostSettings _settings;
    private readonly HomeLock _lock;
    private readonly Topology _topology;
    private readonly Lock _gate = new();
    private HostState _state;

    private Session(HostSettings settings, TimeProvider clock, HomeLock homeLock, Topology topology)
    {
        _settings = settings;
        _lock = homeLock;
        _topology = topology;
        _state = new HostState
        {
            Launcher = ProcessTable.Find(Environment.ProcessId)!.Value,
            StartedAt = clock.GetUtcNow(),
            Phase = HostPhase.Starting,
            WebPort = settings.WebPort,
            ApiPort = settings.ApiPort,
            Services = topology.Statuses(),
        };
        topology.Changed += () => Publish(state => state);
    }

    /// <summary>Raised with each new state, one after the other.</summary>
    public event Action<HostState>? Changed;

    public HostState State => _state;

    public Topology Topology => _topology;

    /// <summary>Everything that can be refused is refused here, before anything is started.</summary>
    public static async Task<Session> OpenAsync(HostSettings settings, bool fresh, bool restartsOnCrash, TimeProvider clock, CancellationToken ct)
    {
        var home = settings.Home;
        if (fresh && (settings.ExternalDatabase ?? settings.ExternalRedis) is not null)
        {
            throw new Refusal("--fresh empties only servers that Aistrale starts itself: unset ConnectionStrings__aistraledb and ConnectionStrings__redis, or empty those servers by hand.");
        }

        home.Create();
        var homeLock = await HomeLock.TryTakeAsync(home, clock, ct) ?? throw AlreadyRunning(home);
        try
        {
            await EndLeftoversAsync(home, clock, ct);
            if (fresh)
            {
                home.Empty();
                home.Create();
            }

            if (!settings.ServersOnly)
            {
                settings.RefuseTakenPorts();
                await KeyEncryptionKey.EnsureExistsAsync(settings, ct);
            }

            var passwords = Passwords.LoadOrCreate(home);
            var ports = PortBook.LoadOrChoose(home, settings.ServicePorts);
            var topology = new Topology(settings, ports, passwords, clock) { RestartsOnCrash = restartsOnCrash };
            return new Session(settings, clock, homeLock, topology);
        }
        catch
        {
            homeLock.Dispose();
            throw;
        }
    }

    public async Task StartAsync(CancellationToken ct)
    {
        Publish(state => state);
        try
        {
            await _topology.StartAsync(ct);
        }
        catch (Refusal)
        {
            Publish(state => state with { Phase = HostPhase.Failed });
            throw;
        }

        Publish(state => state with { Phase = HostPhase.Running });
    }

    public async Task StopAsync()
    {
        Publish(state => state with { Phase = state.Phase == HostPhase.Failed ? HostPhase.Failed : HostPhase.Stopping });
        await _topology.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        File.Delete(_settings.Home.StateFile);
        _lock.Dispose();
    }

    /// <summary>A state file without a lock means that the launcher was killed; its processes are ending or, if their guards were killed too, are ended here.</summary>
    public static async Task EndLeftoversAsync(HomeFolder home, TimeProvider clock, CancellationToken ct)
    {
        if (HostState.Load(home) is not { } old)
        {
            return;
        }

        var left = old.Services.Select(service => service.Process).OfType<ProcessIdentity>().ToList();
        var limit = clock.GetUtcNow() + LeftoverLimit;
        while (left.Any(ProcessTable.IsAlive) && clock.GetUtcNow() < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
        }

        foreach (var process in left.Where(ProcessTable.IsAlive))
        {
            Native.Signal(-process.ProcessId, Native.SigKill);
        }

        File.Delete(home.StateFile);
    }

    private static Refusal AlreadyRunning(HomeFolder home)
    {
        var state = HostState.Load(home);
        var which = state is null ? "" : $" (pid {state.Launcher.ProcessId}, http://localhost:{state.WebPort})";
        return new Refusal($"Aistrale is already running with the data folder {home.Root}{which}: stop it with ./aistrale down, or set AISTRALE_HOME and the ports to run a second one.");
    }

    private void Publish(Func<HostState, HostState> change)
    {
        // Under the lock, so that an older picture never replaces a newer one.
        lock (_gate)
        {
            _state = change(_state) with { Services = _topology.Statuses() };
            try
            {
                _state.Save(_settings.Home);
            }
            catch (IOException)
            {
                // A full disk must not end the supervision; status then shows an older picture.
            }

            Changed?.Invoke(_state);
        }
    }
}
