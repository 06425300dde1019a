using System.Collections;
using System.Globalization;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost;

/// <summary>What the environment says about this run.</summary>
internal sealed record HostSettings
{
    private const int DefaultWebPort = 5080;
    private const int DefaultApiPort = 5081;
    private const int DefaultSandboxPort = 5082;

    public required HomeFolder Home { get; init; }
    public int WebPort { get; init; } = DefaultWebPort;
    public int ApiPort { get; init; } = DefaultApiPort;
    public int SandboxPort { get; init; } = DefaultSandboxPort;
    public bool WithSandbox { get; init; } = true;

    /// <summary>Only PostgreSQL and Redis: for tests, and for running the services from a debugger.</summary>
    public bool ServersOnly { get; init; }

    /// <summary>The caller's whole environment; what each process gets of it is decided in <see cref="ServiceEnvironment"/>.</summary>
    public required IReadOnlyDictionary<string, string> Inherited { get; init; }

    /// <summary>Extra settings for PostgreSQL, such as fsync=off in tests.</summary>
    public IReadOnlyList<string> PostgresSettings { get; init; } = [];

    public string? AdminEmail => Inherited.GetValueOrDefault("AISTRALE_ADMIN_EMAIL");
    public string? ExternalDatabase => Inherited.GetValueOrDefault("ConnectionStrings__aistraledb");
    public string? ExternalRedis => Inherited.GetValueOrDefault("ConnectionStrings__redis");

    /// <summary>The key-encryption key comes from the caller; none is made or kept here.</summary>
    public bool BringsOwnKey => Inherited.ContainsKey("Encryption__Key") || Inherited.ContainsKey("Encryption__KeyFile");

    public IEnumerable<int> ServicePorts => ServersOnly ? [] : WithSandbox ? [WebPort, ApiPort, SandboxPort] : [WebPort, ApiPort];

    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Where(entry => !string.IsNullOrEmpty((string?)entry.Value))
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    public static HostSettings FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var settings = new HostSettings
        {
            Inherited = environment,
            Home = new HomeFolder(environment.GetValueOrDefault("AISTRALE_HOME")
                ?? throw new Refusal("AISTRALE_HOME is not set: start this program with ./aistrale, or set it to the data folder.")),
            WebPort = ReadPort(environment, "AISTRALE_WEB_PORT", DefaultWebPort),
            ApiPort = ReadPort(environment, "AISTRALE_API_PORT", DefaultApiPort),
            SandboxPort = ReadPort(environment, "AISTRALE_SANDBOX_PORT", DefaultSandboxPort),
        };
        if (settings.WebPort == settings.ApiPort || settings.WebPort == settings.SandboxPort || settings.ApiPort == settings.SandboxPort)
        {
            throw new Refusal("AISTRALE_WEB_PORT, AISTRALE_API_PORT and AISTRALE_SANDBOX_PORT must be three different ports.");
        }

        if (environment.ContainsKey("AISTRALE_ADMIN_EMAIL") != environment.ContainsKey("AISTRALE_ADMIN_PASSWORD"))
        {
            throw new Refusal("Set both AISTRALE_ADMIN_EMAIL and AISTRALE_ADMIN_PASSWORD to create the first administrator, or neither to get a setup link.");
        }

        return settings;
    }

    /// <summary>The ports that people know must be free: another one would not be found.</summary>
    public void RefuseTakenPorts()
    {
        Refuse("console", "AISTRALE_WEB_PORT", WebPort);
        Refuse("gateway", "AISTRALE_API_PORT", ApiPort);
        if (WithSandbox)
        {
            Refuse("sandbox", "AISTRALE_SANDBOX_PORT", SandboxPort);
        }

        static void Refuse(string purpose, string variable, int port)
        {
            if (!PortBook.IsFree(port))
            {
                var owner = PortOwner.Find(port) is { } process ? $"{process.Name} (pid {process.Id})" : "another program";
                throw new Refusal($"Port {port} for the {purpose} is taken by {owner}: stop it, or set {variable} to a free port.");
            }
        }
    }

    private static int ReadPort(IReadOnlyDictionary<string, string> environment, string variable, int fallback)
    {
        if (!environment.TryGetValue(variable, out var text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new Refusal($"{variable} is '{text}': set it to a port number from 1 to 65535.");
    }
}
