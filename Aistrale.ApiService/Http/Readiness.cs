using Aistrale.Core.Data;
using Aistrale.Core.Inference.Settlement;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aistrale.ApiService.Http;

/// <summary>
/// Ready = keys, tokens and users were loaded (which proves the key-encryption key) at most 15 minutes ago, and usage can be recorded.
/// Neither Redis nor PostgreSQL is asked: the gateway answers without them for a while.
/// </summary>
internal sealed class Readiness(SnapshotState snapshots, IOptions<SpoolOptions> spool, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (snapshots.FreshAt is not { } freshAt || clock.GetUtcNow() - freshAt > MaxAge)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("What the gateway knows is too old, or was never loaded."));
        }

        return Task.FromResult(SpoolIsWritable() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The usage spool cannot be written."));
    }

    private bool SpoolIsWritable()
    {
        var probe = Path.Combine(spool.Value.Path, $".ready-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

internal static class ReadinessRegistration
{
    public static void AddReadiness(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<Readiness>("gateway", tags: [ServiceDefaults.HealthTags.Ready]);
}
