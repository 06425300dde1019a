using Quartz;

namespace Aistrale.Worker.Jobs;

/// <param name="Cron">Quartz's form, in UTC: second, minute, hour, day of month, month, day of week.</param>
/// <param name="AtStart">Also once whenever a worker starts.</param>
internal sealed record ScheduledJob(Type Type, JobKey Key, string Cron, string Description, bool AtStart = false);

/// <summary>All jobs and when they run, in one place.</summary>
internal static class JobSchedule
{
    public static readonly IReadOnlyList<ScheduledJob> All =
    [
        new(typeof(CostRollupJob), CostRollupJob.Key, "0 * * * * ?", "Sums the usage of every hour that has new records"),
        new(typeof(UsagePartitionsJob), UsagePartitionsJob.Key, "0 20 2 * * ?", "Makes the monthly partitions of usage records ahead of time", AtStart: true),
    ];
}
