using Aistrale.Core.Telemetry;
using Quartz;

namespace Aistrale.Worker.Jobs;

/// <summary>The hourly cost rollup. Runs each minute, so that the running hour is current; an hour is computed anew from its records, so running twice is harmless.</summary>
[DisallowConcurrentExecution]
internal sealed partial class CostRollupJob(RollupService rollups, ILogger<CostRollupJob> logger) : IJob
{
    public static readonly JobKey Key = new("cost-rollup", "telemetry");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var hours = await rollups.CatchUpAsync(cancellationToken);
        if (hours > 0)
        {
            LogRolledUp(hours);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Rolled up {Hours} hour(s) of usage")]
    private partial void LogRolledUp(int hours);
}
