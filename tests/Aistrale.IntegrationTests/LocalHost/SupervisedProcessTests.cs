using System.Collections.Concurrent;
using System.Diagnostics;
using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.LocalHost;

public sealed class SupervisedProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new("supervised");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_crashes_after_it_was_healthy_is_started_again()
    {
        await using var process = Supervise(Shell("exec sleep 600"));
        await process.StartAsync(Ct);
        var first = process.Status.Process!.Value;

        process.Kill();
        await Eventually.TrueAsync(
            () => process.Status is { State: ServiceState.Healthy, Process: { } now } && now != first,
            () => process.Status.ToString(),
            Ct);

        Assert.Equal(1, process.Status.Restarts);
        Assert.False(ProcessTable.IsAlive(first));
    }

    [Fact]
    public async Task A_process_that_never_comes_up_ends_the_start_with_the_last_lines_of_its_log()
    {
        await using var process = Supervise(Shell("echo the reason why; exit 3") with { Probe = _ => Task.FromResult<string?>("no answer") });

        var refusal = await Assert.ThrowsAsync<Refusal>(() => process.StartAsync(Ct));

        Assert.Equal(Refusal.Failed, refusal.ExitCode);
        Assert.Contains("exit code 3", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the reason why", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Failed, process.Status.State);
        Assert.Equal(3, process.Status.Restarts);
    }

    [Fact]
    public async Task A_process_that_runs_but_does_not_get_healthy_is_stopped_and_says_what_its_health_check_saw()
    {
        var spec = Shell("exec sleep 600") with { Probe = _ => Task.FromResult<string?>("/health answers 404"), StartLimit = TimeSpan.FromMilliseconds(300) };
        var seen = new ConcurrentBag<ProcessIdentity>();
        await using var process = new SupervisedProcess(spec, TimeProvider.System, changed =>
        {
            if (changed.Status.Process is { } identity)
            {
                seen.Add(identity);
            }
        });

        var refusal = await Assert.ThrowsAsync<Refusal>(() => process.StartAsync(Ct));

        Assert.Contains("/health answers 404", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(seen);
        Assert.DoesNotContain(seen, ProcessTable.IsAlive);
    }

    [Fact]
    public async Task A_process_that_ends_well_completes_and_one_that_fails_is_not_tried_again()
    {
        var mark = Path.Combine(_folder.Path, "runs");
        await using var good = Supervise(Shell("exit 0"));
        await good.RunToCompletionAsync(Ct);
        Assert.Equal(ServiceState.Completed, good.Status.State);

        await using var bad = Supervise(Shell($"echo run >>{mark}; exit 1"));
        await Assert.ThrowsAsync<Refusal>(() => bad.RunToCompletionAsync(Ct));
        Assert.Single(await File.ReadAllLinesAsync(mark, Ct));
    }

    [Fact]
    public async Task What_ignores_the_signal_is_killed_after_its_grace_period_together_with_its_children()
    {
        var childFile = Path.Combine(_folder.Path, "child");
        await using var process = Supervise(Shell($"trap '' TERM; (trap '' TERM; sleep 600) & echo $! >{childFile}; while true; do wait; done")
            with
        { StopGrace = TimeSpan.FromMilliseconds(400) });
        await process.StartAsync(Ct);
        await Eventually.TrueAsync(() => File.Exists(childFile) && File.ReadAllText(childFile).EndsWith('\n'), () => "The child did not start.", Ct);
        var child = ProcessTable.Find(int.Parse(await File.ReadAllTextAsync(childFile, Ct)))!.Value;
        var main = process.Status.Process!.Value;

        var began = Stopwatch.GetTimestamp();
        await process.StopAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.3, 5);
        Assert.False(ProcessTable.IsAlive(main));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(child), () => "The child still runs.", Ct);
    }

    [Fact]
    public async Task A_killed_guard_does_not_leave_the_old_process_beside_the_new_one()
    {
        await using var process = Supervise(Shell("exec sleep 600"));
        await process.StartAsync(Ct);
        var first = process.Status.Process!.Value;

        Native.Signal(ParentOf(first), Native.SigKill);
        await Eventually.TrueAsync(
            () => process.Status is { State: ServiceState.Healthy, Process: { } now } && now != first,
            () => process.Status.ToString(),
            Ct);

        Assert.False(ProcessTable.IsAlive(first));
    }

    [Fact]
    public async Task Every_variable_arrives_also_one_whose_name_no_shell_could_set_and_no_other_one_does()
    {
        var file = Path.Combine(_folder.Path, "environment");
        var given = new Dictionary<string, string>(HomeFolder.Minimal) { ["ConnectionStrings__aistraledb-worker"] = "Host=127.0.0.1;Password=p" };
        await using var process = Supervise(new ProcessSpec
        {
            Name = "thing",
            // Directly, because the shell itself would be one more filter.
            Command = ["/bin/cp", "/proc/self/environ", file],
            Environment = given,
            LogFile = Path.Combine(_folder.Path, "thing.log"),
            Probe = _ => Task.FromResult<string?>(null),
        });

        await process.RunToCompletionAsync(Ct);

        // NAME=value, each ended by a zero byte
        var arrived = (await File.ReadAllTextAsync(file, Ct)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(given, entry => Assert.Contains($"{entry.Key}={entry.Value}", arrived));
        // The guard's shell adds these three itself.
        Assert.Empty(arrived.Select(entry => entry.Split('=')[0]).Except(given.Keys).Except(["PWD", "SHLVL", "_"]));
    }

    private static int ParentOf(ProcessIdentity process) =>
        // PPid:	4705
        int.Parse(File.ReadLines($"/proc/{process.ProcessId}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1]);

    private static SupervisedProcess Supervise(ProcessSpec spec) => new(spec, TimeProvider.System, _ => { });

    private ProcessSpec Shell(string script) => new()
    {
        Name = "thing",
        Command = ["/bin/sh", "-c", script],
        Environment = HomeFolder.Minimal,
        LogFile = Path.Combine(_folder.Path, "thing.log"),
        Probe = _ => Task.FromResult<string?>(null),
    };
}
