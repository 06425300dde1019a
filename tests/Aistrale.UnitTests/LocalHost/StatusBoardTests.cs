using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;
using Xunit;

namespace Aistrale.UnitTests.LocalHost;

public class StatusBoardTests
{
    [Fact]
    public void Without_a_terminal_each_change_of_state_is_one_line_and_a_repeated_state_is_none()
    {
        var output = new StringWriter();
        var board = new StatusBoard(output, live: false);
        var worker = new ServiceStatus("worker", 21003);

        board.Show(State(worker));
        board.Show(State(worker with { State = ServiceState.Starting }));
        board.Show(State(worker with { State = ServiceState.Starting, Detail = "/health does not answer" }));
        board.Show(State(worker with { State = ServiceState.Healthy, StartMs = 1234 }));

        Assert.Equal(
            ["worker       starting", "worker       healthy after 1.2 s"],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_state_line_survives_the_way_from_the_background_process_to_its_caller()
    {
        var state = State(new ServiceStatus("worker", 21003) { State = ServiceState.Restarting, Process = new ProcessIdentity(4711, 99), Detail = "ended with exit code 137" });

        var read = HostState.Parse(state.ToLine())!;

        Assert.DoesNotContain('\n', state.ToLine());
        Assert.Equal(state.Services, read.Services);
        Assert.Equal(state with { Services = [] }, read with { Services = [] });
    }

    [Fact]
    public void A_line_that_is_no_state_is_ignored() => Assert.Null(HostState.Parse("warning: something else was printed"));

    private static HostState State(params ServiceStatus[] services) => new()
    {
        Launcher = new ProcessIdentity(1, 2),
        StartedAt = DateTimeOffset.UnixEpoch,
        Phase = HostPhase.Starting,
        WebPort = 5080,
        ApiPort = 5081,
        Services = services,
    };
}
