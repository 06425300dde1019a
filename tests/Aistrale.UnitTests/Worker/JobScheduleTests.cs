using System.Reflection;
using Aistrale.Worker.Jobs;
using Quartz;
using Xunit;

namespace Aistrale.UnitTests.Worker;

public class JobScheduleTests
{
    [Fact]
    public void Every_job_is_on_the_schedule_once()
    {
        var jobs = typeof(JobSchedule).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IJob)) && !type.IsAbstract);

        Assert.Equal(jobs.OrderBy(type => type.Name), JobSchedule.All.Select(job => job.Type).OrderBy(type => type.Name));
        Assert.Equal(JobSchedule.All.Count, JobSchedule.All.Select(job => job.Key).Distinct().Count());
    }

    [Fact]
    public void No_job_runs_beside_itself()
    {
        Assert.All(JobSchedule.All, job => Assert.NotNull(job.Type.GetCustomAttribute<DisallowConcurrentExecutionAttribute>()));
    }

    [Fact]
    public void Every_schedule_is_a_valid_one_that_comes_round_again()
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

        Assert.All(JobSchedule.All, job => Assert.InRange(new CronExpression(job.Cron, TimeZoneInfo.Utc).GetNextValidTimeAfter(now)!.Value - now, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));
    }
}
