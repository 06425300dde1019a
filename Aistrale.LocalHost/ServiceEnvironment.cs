using Aistrale.LocalHost.Home;

namespace Aistrale.LocalHost;

/// <summary>
/// The contract with the services: which setting each process gets. AppHost, Compose and Kubernetes supply the same keys.
/// Settings of the caller that are not part of the contract (OTEL_*, Logging__*, TZ, ...) are passed on.
/// </summary>
internal sealed class ServiceEnvironment(HostSettings settings, ServerAddresses servers, PortBook ports)
{
    private const int OllamaPort = 11434;

    // Each service gets of these what is listed for it below, never what happens to be in the caller's environment.
    private static readonly string[] OwnedPrefixes =
    [
        "AISTRALE_", "ConnectionStrings__", "Encryption__", "Setup__", "Spool__", "Audit__", "Sandbox__", "DataProtection__", "services__",
        "ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "URLS", "HTTP_PORTS", "HTTPS_PORTS",
    ];

    public string WebOrigin => $"http://localhost:{settings.WebPort}";

    private string SandboxOrigin => $"http://127.0.0.1:{settings.SandboxPort}";

    /// <summary>The Worker's binary with "migrate": it may use all three roles.</summary>
    public IReadOnlyDictionary<string, string> Migrations() => AllRoles();

    /// <summary>The Worker's binary with an operator's command; doctor looks at the settings of the other services as well.</summary>
    public IReadOnlyDictionary<string, string> Operator()
    {
        var environment = AllRoles();
        environment["AISTRALE_PUBLIC_ORIGINS"] = PublicOrigins();
        environment["AISTRALE_EGRESS_ALLOW"] = EgressAllow();
        return environment;
    }

    public IReadOnlyDictionary<string, string> ApiService()
    {
        var environment = Base(settings.ApiPort);
        environment["ConnectionStrings__aistraledb"] = servers.App;
        environment["ConnectionStrings__redis"] = servers.Redis;
        environment["Spool__Path"] = settings.Home.Spool;
        environment["Audit__CheckpointPath"] = settings.Home.Audit;
        environment["AISTRALE_PUBLIC_ORIGINS"] = PublicOrigins();
        environment["AISTRALE_EGRESS_ALLOW"] = EgressAllow();
        AddEncryption(environment);
        AddSandbox(environment);
        return environment;
    }

    public IReadOnlyDictionary<string, string> Worker()
    {
        var environment = Base(ports.Worker);
        environment["ConnectionStrings__aistraledb-worker"] = servers.Worker;
        environment["ConnectionStrings__redis"] = servers.Redis;
        environment["Audit__CheckpointPath"] = settings.Home.Audit;
        AddEncryption(environment);
        AddSandbox(environment);
        return environment;
    }

    public IReadOnlyDictionary<string, string> Web()
    {
        var environment = Base(settings.WebPort);
        environment["services__apiservice__http__0"] = $"http://127.0.0.1:{settings.ApiPort}";
        environment["DataProtection__Path"] = settings.Home.WebKeys;
        environment["AISTRALE_PUBLIC_ORIGINS"] = PublicOrigins();
        return environment;
    }

    public IReadOnlyDictionary<string, string> Sandbox() => Base(settings.SandboxPort);

    private Dictionary<string, string> AllRoles()
    {
        var environment = Base(port: null);
        environment["ConnectionStrings__aistraledb"] = servers.App;
        environment["ConnectionStrings__aistraledb-worker"] = servers.Worker;
        environment["ConnectionStrings__aistraledb-migrator"] = servers.Migrator;
        environment["ConnectionStrings__redis"] = servers.Redis;
        environment["Setup__CodeFile"] = settings.Home.SetupCodeFile;
        environment["Audit__CheckpointPath"] = settings.Home.Audit;
        AddEncryption(environment);
        AddSandbox(environment);
        Copy(environment, "AISTRALE_ADMIN_EMAIL");
        Copy(environment, "AISTRALE_ADMIN_PASSWORD");
        return environment;
    }

    private Dictionary<string, string> Base(int? port)
    {
        var environment = settings.Inherited
            .Where(entry => !OwnedPrefixes.Any(prefix => entry.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        environment["DOTNET_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        // A proxy of the company must not be asked for addresses of this machine.
        environment.TryAdd("NO_PROXY", "localhost,127.0.0.1");
        if (port is { } number)
        {
            environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{number}";
        }

        return environment;
    }

    private string PublicOrigins() =>
        settings.Inherited.GetValueOrDefault("AISTRALE_PUBLIC_ORIGINS", $"{WebOrigin},http://127.0.0.1:{settings.WebPort}");

    private string EgressAllow()
    {
        var allowed = new List<string>();
        if (settings.Inherited.TryGetValue("AISTRALE_EGRESS_ALLOW", out var given))
        {
            allowed.Add(given);
        }

        if (settings.WithSandbox)
        {
            allowed.Add($"127.0.0.1:{settings.SandboxPort}");
        }

        allowed.Add($"127.0.0.1:{OllamaPort}");
        return string.Join(',', allowed);
    }

    private void AddEncryption(Dictionary<string, string> environment)
    {
        // Whoever brings the key in another way has decided so; both at once would be ambiguous.
        if (!Copy(environment, "Encryption__Key") && !Copy(environment, "Encryption__KeyFile"))
        {
            environment["Encryption__KeyFile"] = settings.Home.KeyFile;
        }
    }

    private void AddSandbox(Dictionary<string, string> environment)
    {
        if (settings.WithSandbox)
        {
            environment["Sandbox__Origin"] = SandboxOrigin;
        }
    }

    private bool Copy(Dictionary<string, string> environment, string key)
    {
        if (!settings.Inherited.TryGetValue(key, out var value))
        {
            return false;
        }

        environment[key] = value;
        return true;
    }
}
