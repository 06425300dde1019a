using Aistrale.Core.Encryption;
using Npgsql;
using Quartz;

namespace Aistrale.Worker.Jobs;

/// <summary>
/// Starts the scheduler as soon as the database lets it, and stops it with the process. Quartz's own hosted service would end
/// the process when PostgreSQL is not up yet.
/// </summary>
internal sealed partial class SchedulerHost(
    ISchedulerFactory schedulers,
    DatabaseGate gate,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<SchedulerHost> logger) : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private volatile IScheduler? _scheduler;

    public bool IsRunning => _scheduler?.Status == SchedulerStatus.Running;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_scheduler is { } scheduler)
        {
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? said = null;
        try
        {
            while (await TryStartAsync(stoppingToken) is { } reason)
            {
                if (reason != said)
                {
                    said = reason;
                    LogWaiting(reason);
                }

                await Task.Delay(RetryInterval, clock, stoppingToken);
            }
        }
        catch (InvalidKeyEncryptionKeyException exception)
        {
            LogWrongKey(exception.Message);
            Environment.ExitCode = ExitCodes.Failed;
            lifetime.StopApplication();
        }
    }

    private async Task<string?> TryStartAsync(CancellationToken ct)
    {
        try
        {
            if (await gate.WhyClosedAsync(ct) is { } reason)
            {
                return reason;
            }

            var scheduler = await schedulers.GetScheduler(ct);
            await scheduler.Start(ct);
            foreach (var job in JobSchedule.All.Where(job => job.AtStart))
            {
                await scheduler.TriggerJob(job.Key, cancellationToken: ct);
            }

            _scheduler = scheduler;
            LogStarted(scheduler.SchedulerInstanceId, JobSchedule.All.Count);
            return null;
        }
        catch (Exception exception) when (exception is SchedulerException or NpgsqlException)
        {
            return exception.GetBaseException().Message;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Jobs wait: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Information, "Scheduler {Instance} runs {Jobs} jobs")]
    private partial void LogStarted(string instance, int jobs);

    [LoggerMessage(LogLevel.Critical, "{Reason}")]
    private partial void LogWrongKey(string reason);
}
