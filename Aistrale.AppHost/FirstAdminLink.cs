using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aistrale.AppHost;

/// <summary>Without an admin in the parameters, "migrations" leaves a one-time code in a file: shows the link to use it.</summary>
internal static partial class FirstAdminLink
{
    public static void ShowWhenReady(IResourceBuilder<ProjectResource> web, string setupCodeFile) =>
        web.ApplicationBuilder.Eventing.Subscribe<ResourceReadyEvent>(web.Resource, async (ready, ct) =>
        {
            if (!File.Exists(setupCodeFile))
            {
                return;
            }

            var code = (await File.ReadAllTextAsync(setupCodeFile, ct)).Trim();
            var logger = ready.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Aistrale");
            LogLink(logger, $"{web.GetEndpoint("http").Url}/setup?code={Uri.EscapeDataString(code)}");
        });

    [LoggerMessage(LogLevel.Information, "Create the first admin at {Link} (works once)")]
    private static partial void LogLink(ILogger logger, string link);
}
