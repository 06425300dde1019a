using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aistrale.ServiceDefaults;

internal static class Telemetry
{
    // "Aistrale.*" covers every source and meter of the product; the others are libraries that bring their own.
    private static readonly string[] Sources = ["Aistrale.*", "Npgsql", "Quartz", "Experimental.Microsoft.Extensions.AI"];

    private static readonly string[] ProbePaths = [Health.AlivePath, Health.ReadyPath, Metrics.Path];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Describe(builder))
            .WithMetrics(metrics => metrics
                .AddMeter(Sources)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter())
            .WithTracing(traces => traces
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation(http =>
                {
                    http.Filter = context => !IsProbe(context.Request.Path);
                    http.EnrichWithHttpRequest = (activity, request) =>
                    {
                        if (HideOneTimeCode(request.Path) is { } hidden)
                        {
                            activity.SetTag("url.path", hidden);
                        }
                    };
                })
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    private static bool IsProbe(PathString path) =>
        Array.Exists(ProbePaths, probe => path.Equals(probe, StringComparison.OrdinalIgnoreCase));

    // /api/auth/links/Zx81... -> /api/auth/links/{code}: the code alone redeems an invitation.
    internal static string? HideOneTimeCode(PathString path)
    {
        const string links = "/api/auth/links";
        return path.StartsWithSegments(links, out var rest) && rest.HasValue && rest.Value!.Length > 1 ? $"{links}/{{code}}" : null;
    }

    private static void Describe(this ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        var version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3);

        // Aspire and operators name the service through OTEL_SERVICE_NAME; a resource added here would override it.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
        {
            resource.AddService(builder.Environment.ApplicationName, serviceVersion: version);
        }
        else if (version is not null)
        {
            resource.AddAttributes([new("service.version", version)]);
        }
    }
}
