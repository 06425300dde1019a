using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aistrale.Core;
using Quartz;

namespace Aistrale.Worker.Jobs;

/// <summary>
/// Surrounds every run of a job: a span, a duration by outcome, and for a failure one log line. Failures end here, because
/// the next run on the schedule is the retry.
/// </summary>
internal sealed partial class JobRuns : IJobExecutionMiddleware, IDisposable
{
    public const string DurationMetric = "aistrale.job.duration";
    public const string JobTag = "aistrale.job.name";
    public const string OutcomeTag = "aistrale.job.outcome";

    private static readonly ActivitySource Source = new(AistraleTelemetry.Jobs);

    // The exporter's own bounds are meant for milliseconds.
    private static readonly double[] DurationBoundsSeconds = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800];

    private readonly TimeProvider _clock;
    private readonly ILogger<JobRuns> _logger;
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;

    public JobRuns(IMeterFactory meters, TimeProvider clock, ILogger<JobRuns> logger)
    {
        _clock = clock;
        _logger = logger;
        _meter = meters.Create(AistraleTelemetry.Jobs);
        _duration = _meter.CreateHistogram(
            DurationMetric,
            "s",
            "Time that a run of a scheduled job took",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBoundsSeconds });
    }

    public async ValueTask Invoke(IJobExecutionContext context, JobExecutionDelegate next, CancellationToken cancellationToken = default)
    {
        var job = context.JobDetail.Key.Name;
        using var span = Source.StartActivity($"job {job}");
        span?.SetTag(JobTag, job);
        var began = _clock.GetTimestamp();
        var outcome = "failed";
        try
        {
            await next(context, cancellationToken);
            outcome = "ok";
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = "cancelled";
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.GetBaseException().Message);
            if (DatabaseGate.IsUnavailable(exception))
            {
                LogWithoutDatabase(job, exception.GetBaseException().Message);
            }
            else
            {
                LogFailed(exception, job);
            }
        }
        finally
        {
            span?.SetTag(OutcomeTag, outcome);
            _duration.Record(_clock.GetElapsedTime(began).TotalSeconds, new TagList { { JobTag, job }, { OutcomeTag, outcome } });
        }
    }

    public void Dispose() => _meter.Dispose();

    [LoggerMessage(LogLevel.Warning, "Job {Job} did not reach the database ({Reason}); it runs again at its next time")]
    private partial void LogWithoutDatabase(string job, string reason);

    [LoggerMessage(LogLevel.Error, "Job {Job} failed; it runs again at its next time")]
    private partial void LogFailed(Exception exception, string job);
}
