using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Aistrale.ServiceDefaults;

/// <summary>What every service of Aistrale has in common: telemetry, health, service discovery, resilience of internal calls.</summary>
public static class Extensions
{
    /// <summary>
    /// Call first in Program.cs. Every HttpClient gets the standard resilience handler (10 s per try); clients that call
    /// model providers or read streams opt out with <c>RemoveAllResilienceHandlers()</c>.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddQuietLogLevels();
        builder.AddConsoleLogs();
        builder.AddTelemetry();
        builder.AddMetricsPort();

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthTags.Live]);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // A POST that was answered 503 may have had its effect: only methods that are safe to repeat are repeated.
            http.AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Maps <c>/alive</c>, <c>/health</c> and <c>/metrics</c>, open to everyone, in production too.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthEndpoints();
        app.MapMetrics();
        return app;
    }

    // Below every other source, so appsettings and the environment still win.
    private static void AddQuietLogLevels(this IHostApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                // Its scope and its lines carry the request's path, and one-time codes travel in paths.
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
                ["Logging:LogLevel:Npgsql.Command"] = "Warning",
                ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
                // RedisConnectionLog says what matters of it.
                ["Logging:LogLevel:StackExchange.Redis"] = "None",
                ["Logging:LogLevel:Polly"] = "Warning",
            },
        });

    private static void AddConsoleLogs(this IHostApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
            return;
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Logging.AddConsole(console => console.FormatterName = JsonLineFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
    }
}
