using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.LocalHost;

public class OrphanTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killing_the_launcher_with_9_leaves_no_process_and_no_port_and_the_data_is_used_by_the_next_start()
    {
        using var folder = new TemporaryFolder("orphans");
        using var first = await Launcher.StartServersAsync(folder.Path, Ct);
        var services = first.Services();
        var processes = services.Select(service => service.Process!.Value).ToList();
        Assert.Equal(2, processes.Count);
        Assert.All(processes, process => Assert.True(ProcessTable.IsAlive(process)));

        first.Kill();
        await Eventually.TrueAsync(
            () => !processes.Any(ProcessTable.IsAlive) && services.All(service => PortBook.IsFree(service.Port!.Value)),
            () => "Some of it still runs.",
            Ct);

        using var second = await Launcher.StartServersAsync(folder.Path, Ct);
        Assert.Equal(services.Select(service => service.Port), second.Services().Select(service => service.Port));
        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync(Ct));
    }

    [Fact]
    public async Task A_start_right_after_the_launcher_was_killed_waits_for_what_it_left()
    {
        using var folder = new TemporaryFolder("orphans");
        using var first = await Launcher.StartServersAsync(folder.Path, Ct);
        var before = first.Services().Select(service => service.Process!.Value).ToList();
        first.Kill();

        using var second = await Launcher.StartServersAsync(folder.Path, Ct);
        Assert.DoesNotContain(before, process => ProcessTable.IsAlive(process));
        Assert.All(second.Services(), service => Assert.Equal(ServiceState.Healthy, service.State));
        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync(Ct));
    }

    [Fact]
    public async Task SIGTERM_stops_everything_and_removes_the_state_file()
    {
        using var folder = new TemporaryFolder("orphans");
        using var launcher = await Launcher.StartServersAsync(folder.Path, Ct);
        var processes = launcher.Services().Select(service => service.Process!.Value).ToList();

        launcher.Terminate();

        Assert.Equal(0, await launcher.WaitForExitAsync(Ct));
        Assert.DoesNotContain(processes, process => ProcessTable.IsAlive(process));
        Assert.False(File.Exists(launcher.Home.StateFile));
        Assert.False(HomeLock.IsHeld(launcher.Home));
    }

    [Fact]
    public async Task A_detached_start_returns_when_all_is_healthy_and_down_stops_it()
    {
        using var folder = new TemporaryFolder("orphans");
        using var up = Launcher.Start(folder.Path, "up", "--servers-only", "--detach");
        Assert.Equal(0, await up.WaitForExitAsync(Ct));
        using var status = Launcher.Start(folder.Path, "status");
        Assert.Equal(0, await status.WaitForExitAsync(Ct));
        Assert.Contains("postgres", status.Output, StringComparison.Ordinal);

        using var down = Launcher.Start(folder.Path, "down");
        Assert.Equal(0, await down.WaitForExitAsync(Ct));
        using var after = Launcher.Start(folder.Path, "status");
        Assert.Equal(1, await after.WaitForExitAsync(Ct));
        Assert.Contains("not running", after.Output, StringComparison.Ordinal);
    }
}
