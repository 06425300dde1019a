using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aistrale.ServiceDefaults;

/// <summary>The Prometheus scrape endpoint: on the main port, or only on <c>Metrics:Port</c> when that is configured.</summary>
internal static class Metrics
{
    public const string Path = "/metrics";
    private const string PortKey = "Metrics:Port";

    /// <summary>Adds the metrics port to whatever addresses the service was told to listen on.</summary>
    public static void AddMetricsPort(this IHostApplicationBuilder builder)
    {
        if (Port(builder.Configuration) is not { } port)
        {
            return;
        }

        var configuration = builder.Configuration;
        var address = $"http://*:{port}";
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            configuration["Kestrel:Endpoints:Metrics:Url"] = address;
        }
        else if (configuration["urls"] is { Length: > 0 } urls)
        {
            configuration["urls"] = $"{urls};{address}";
        }
        else if (configuration["http_ports"] is { Length: > 0 } ports)
        {
            configuration["http_ports"] = $"{ports};{port}";
        }
        else
        {
            // Naming any address switches Kestrel's default one off.
            configuration["urls"] = $"http://localhost:5000;{address}";
        }
    }

    public static void MapMetrics(this WebApplication app)
    {
        var endpoint = app.MapPrometheusScrapingEndpoint(Path).AllowAnonymous().DisableHttpMetrics();
        if (Port(app.Configuration) is not { } port)
        {
            return;
        }

        // The socket's port, not the Host header: a caller chooses the header.
        endpoint.Add(route =>
        {
            var scrape = route.RequestDelegate!;
            route.RequestDelegate = context =>
            {
                if (context.Connection.LocalPort == port)
                {
                    return scrape(context);
                }

                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
    }

    private static int? Port(IConfiguration configuration)
    {
        var text = configuration[PortKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return int.TryParse(text, out var port) && port is > 0 and <= 65535
            ? port
            : throw new InvalidOperationException($"{PortKey} is \"{text}\": give a port between 1 and 65535, or leave it out to serve {Path} on the main port.");
    }
}
