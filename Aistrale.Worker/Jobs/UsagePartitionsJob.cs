using Npgsql;
using Quartz;

namespace Aistrale.Worker.Jobs;

/// <summary>Makes the partitions of usage records for this month and the next three. The function belongs to the migrator: the worker's role may not make tables.</summary>
[DisallowConcurrentExecution]
internal sealed partial class UsagePartitionsJob(NpgsqlDataSource database, TimeProvider clock, ILogger<UsagePartitionsJob> logger) : IJob
{
    private const int Months = 1 + 3;

    public static readonly JobKey Key = new("usage-partitions", "telemetry");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand("SELECT ensure_usage_partitions($1, $2)");
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) });
        command.Parameters.Add(new() { Value = Months });
        var made = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (made > 0)
        {
            LogMade(made);
        }
    }

    [LoggerMessage(LogLevel.Information, "Made {Partitions} partition(s) for usage records to come")]
    private partial void LogMade(int partitions);
}
