using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aistrale.Core;
using Aistrale.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;
using Xunit;

namespace Aistrale.UnitTests.Worker;

public sealed class JobRunsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_job_is_logged_once_a_run_and_runs_again()
    {
        var seen = new ConcurrentQueue<(string Job, string Outcome)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == JobRuns.DurationMetric)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => seen.Enqueue((Tag(tags, JobRuns.JobTag), Tag(tags, JobRuns.OutcomeTag))));
        listener.Start();
        var spans = new ConcurrentQueue<Activity>();
        using var tracing = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AistraleTelemetry.Jobs,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(tracing);
        var log = new ListLogger();
        await using var services = Services(log);

        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(Ct);
        await scheduler.Start(Ct);
        while (seen.Count < 3)
        {
            await Task.Delay(10, Ct);
        }

        await scheduler.Shutdown(waitForJobsToComplete: true, Ct);

        Assert.All(seen, run => Assert.Equal(("failing", "failed"), run));
        Assert.All(spans, span => Assert.Equal(("job failing", ActivityStatusCode.Error), (span.DisplayName, span.Status)));
        Assert.Equal(seen.Count, log.Lines.Count(line => line == "Job failing failed; it runs again at its next time"));
        Assert.Equal(seen.Count, log.Lines.Count);
    }

    private static ServiceProvider Services(ListLogger log)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System).AddMetrics();
        services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Warning));
        services.AddQuartz(quartz =>
        {
            quartz.AddJobMiddleware<JobRuns>();
            quartz.ScheduleJob<FailingJob>(
                trigger => trigger.WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromMilliseconds(20)).RepeatForever()),
                job => job.WithIdentity("failing"));
        });
        return services.BuildServiceProvider();
    }

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
            {
                return (string)tag.Value!;
            }
        }

        return "";
    }

    public sealed class FailingJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => throw new InvalidOperationException("It does not work.");
    }

    private sealed class ListLogger : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
