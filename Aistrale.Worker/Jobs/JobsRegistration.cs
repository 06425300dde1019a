using Aistrale.ServiceDefaults;
using Microsoft.Extensions.Configuration.Memory;
using Quartz;

namespace Aistrale.Worker.Jobs;

internal static class JobsRegistration
{
    private static readonly TimeSpan CheckinInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckinTolerance = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan MisfireThreshold = TimeSpan.FromSeconds(5);

    /// <summary>The scheduler with all jobs of <see cref="JobSchedule"/>, as one node of a cluster over the worker's database.</summary>
    public static void AddJobs(this IHostApplicationBuilder builder)
    {
        // Twenty lines of a start and a stack trace for each failed check-in; DatabasePulse says once what matters of it.
        // Below every other source, so an operator can ask for them.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?> { ["Logging:LogLevel:Quartz"] = "Warning", ["Logging:LogLevel:Quartz.Impl.AdoJobStore"] = "Error" },
        });
        builder.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "worker";
                scheduler.InstanceId = InstanceId(TimeProvider.System);
            });
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(source => source.UseRegisteredDataSource = true);
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = CheckinInterval;
                    cluster.CheckinMisfireThreshold = CheckinTolerance;
                });
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = QuartzTables.Prefix;
                    options.StoreJobDataAsStrings = true;
                    options.MisfireThreshold = MisfireThreshold;
                });
            });
            quartz.AddJobMiddleware<JobRuns>();
            quartz.AddSchedule();
        });

        // Every start replaces the stored triggers by those of the code. The new one continues where the old one was,
        // so that a time that passed while no worker ran is made up for, once.
        builder.Services.Configure<QuartzOptions>(options => options.Scheduling.ScheduleTriggerRelativeToReplacedTrigger = true);

        builder.Services.AddSingleton<DatabaseGate>();
        builder.Services.AddSingleton<DatabasePulse>().AddHostedService(provider => provider.GetRequiredService<DatabasePulse>());
        builder.Services.AddSingleton<SchedulerHost>().AddHostedService(provider => provider.GetRequiredService<SchedulerHost>());
        builder.Services.AddHealthChecks().AddCheck<WorkerReadiness>("jobs", tags: [HealthTags.Ready]);
    }

    private static void AddSchedule(this IQuartzBuilder quartz)
    {
        foreach (var job in JobSchedule.All)
        {
            quartz.AddJob(job.Type, detail => detail
                .WithIdentity(job.Key)
                .WithDescription(job.Description)
                .RequestRecovery());
            quartz.AddTrigger(trigger => trigger
                .ForJob(job.Key)
                .WithIdentity(job.Key.Name, job.Key.Group)
                .WithCronSchedule(job.Cron, cron => cron
                    .InTimeZone(TimeZoneInfo.Utc)
                    .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)));
        }
    }

    // In containers all processes have the id 1, and host names can be given twice.
    private static string InstanceId(TimeProvider clock) =>
        $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.CreateVersion7(clock.GetUtcNow()).ToString("N")[^8..]}";
}
