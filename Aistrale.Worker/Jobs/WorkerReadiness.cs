using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aistrale.Worker.Jobs;

/// <summary>Ready = the scheduler runs and the database answered lately. A short outage is ridden out, not answered with a restart.</summary>
internal sealed class WorkerReadiness(SchedulerHost scheduler, DatabasePulse pulse) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        (scheduler.IsRunning, pulse.AnsweredLately) switch
        {
            (true, true) => HealthCheckResult.Healthy(),
            (false, _) => HealthCheckResult.Unhealthy("The scheduler is not running."),
            _ => HealthCheckResult.Unhealthy("The database has not answered for a minute."),
        });
}
