using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aistrale.ServiceDefaults;

/// <summary>Tags that decide which probe runs a health check; a check with neither is run by none.</summary>
public static class HealthTags
{
    /// <summary>Run by <c>/alive</c>: the process itself, nothing outside it.</summary>
    public const string Live = "live";

    /// <summary>Run by <c>/health</c>: what the service needs to take requests.</summary>
    public const string Ready = "ready";
}

internal static class Health
{
    public const string AlivePath = "/alive";
    public const string ReadyPath = "/health";

    public static void MapHealthEndpoints(this WebApplication app)
    {
        app.MapProbe(AlivePath, HealthTags.Live);
        app.MapProbe(ReadyPath, HealthTags.Ready);
    }

    private static void MapProbe(this WebApplication app, string path, string tag) =>
        app.MapHealthChecks(path, new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(tag),
            ResponseWriter = WriteStatusOnly,
        }).AllowAnonymous().DisableHttpMetrics();

    // Anyone can ask, so the answer tells a load balancer what it needs and nobody anything more.
    private static Task WriteStatusOnly(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(report.Status == HealthStatus.Unhealthy ? "Unhealthy" : "Healthy", context.RequestAborted);
    }
}
