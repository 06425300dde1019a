using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aistrale.AppHost;

/// <summary>What differs between running on a developer's machine (folders below AISTRALE_HOME) and in containers (a mounted volume).</summary>
internal sealed class Settings
{
    public const string DatabaseName = "aistrale";

    /// <summary>
    /// Where a deployed service's volume is mounted: the home folder of .NET's container images. It exists there and belongs
    /// to the account the service runs as, so a fresh volume takes over that ownership; any other folder would be root's.
    /// </summary>
    public const string ContainerHome = "/home/app";

    private readonly string _home;

    private Settings(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var deployed = builder.ExecutionContext.IsPublishMode;
        _home = deployed ? ContainerHome : DeveloperHome(builder);
        ServiceEnvironment = deployed ? Environments.Production : builder.Environment.EnvironmentName;
        EgressAllow = string.Join(',', new[] { LocalOllama, configuration["AISTRALE_EGRESS_ALLOW"] }.Where(entry => !string.IsNullOrWhiteSpace(entry)));
        WebPort = Number(configuration, "AISTRALE_WEB_PORT", 5080);
        ApiPort = Number(configuration, "AISTRALE_API_PORT", 5081);
        SandboxPort = Number(configuration, "AISTRALE_SANDBOX_PORT", 5082);
        Replicas = Number(configuration, "AISTRALE_REPLICAS", 1);
    }

    private const string LocalOllama = "127.0.0.1:11434";

    public int WebPort { get; }
    public int ApiPort { get; }
    public int SandboxPort { get; }

    /// <summary>Instances of ApiService and of Worker.</summary>
    public int Replicas { get; }

    public string ServiceEnvironment { get; }
    public string EgressAllow { get; }
    public string Spool => At("spool");
    public string AuditCheckpoints => At("audit");
    public string WebKeys => At("web-keys");
    public string SetupCodeFile => At("setup-code");

    public static Settings From(IDistributedApplicationBuilder builder) => new(builder);

    /// <summary>The origins that may use the cookie: known while developing, the operator's answer when deployed.</summary>
    public static ReferenceExpression PublicOrigins(IResourceBuilder<ProjectResource> web)
    {
        var builder = web.ApplicationBuilder;
        if (builder.Configuration["AISTRALE_PUBLIC_ORIGINS"] is { Length: > 0 } given)
        {
            return ReferenceExpression.Create($"{given}");
        }

        if (builder.ExecutionContext.IsPublishMode)
        {
            var parameter = builder.AddParameter("public-origins")
                .WithDescription("Where browsers reach the console, such as https://aistrale.example.com; several are separated by commas.");
            return ReferenceExpression.Create($"{parameter}");
        }

        var port = web.GetEndpoint("http").Property(EndpointProperty.Port);
        return ReferenceExpression.Create($"http://localhost:{port},http://127.0.0.1:{port}");
    }

    /// <summary>Only this account may look into the folder: it holds the usage spool and the console's cookie keys.</summary>
    public void CreateHomeBeforeStart(IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(_home);
            }
            else
            {
                Directory.CreateDirectory(_home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return Task.CompletedTask;
        });

    // A folder of its own: the key-encryption key here is not the one of "./aistrale up".
    private static string DeveloperHome(IDistributedApplicationBuilder builder)
    {
        var repository = Path.GetDirectoryName(builder.AppHostDirectory)!;
        var home = builder.Configuration["AISTRALE_HOME"] is { Length: > 0 } given ? given : ".aistrale";
        return Path.Combine(Path.GetFullPath(home, repository), "aspire");
    }

    private static int Number(ConfigurationManager configuration, string key, int fallback)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new InvalidOperationException($"{key} is \"{text}\": give a whole number above zero, or leave it out for {fallback}.");
    }

    // Paths inside a container have forward slashes, whatever machine publishes.
    private string At(string name) => _home == ContainerHome ? $"{ContainerHome}/{name}" : Path.Combine(_home, name);
}
