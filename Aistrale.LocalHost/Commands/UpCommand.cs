using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Commands;

/// <summary>Runs the stack until Ctrl-C, SIGTERM or down.</summary>
internal static class UpCommand
{
    public static async Task<int> ForegroundAsync(HostSettings settings, bool fresh, TimeProvider clock, CancellationToken ct)
    {
        var board = StatusBoard.ForConsole();
        return await RunAsync(settings, fresh, clock, board.Show, _ => Console.WriteLine(Welcome.Text(settings, "Ctrl-C")), ct);
    }

    /// <summary>
    /// The background half of a detached start: sends its state line by line to the caller until all is healthy, then
    /// lets go of the caller's pipes and goes on alone.
    /// </summary>
    public static async Task<int> BackgroundAsync(HostSettings settings, bool fresh, TimeProvider clock, CancellationToken ct)
    {
        Action<HostState> show = state => Console.WriteLine(state.ToLine());
        return await RunAsync(settings, fresh, clock, state => show(state), LetGo, ct);

        void LetGo(HostState running)
        {
            var log = settings.Home.LogOf(ServiceNames.LocalHost);
            LogFiles.Rotate(log);
            Native.RedirectOutputTo(log);
            var journal = new StatusBoard(Console.Out, live: false, () => $"{clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z ");
            show = journal.Show;
            journal.Show(running);
        }
    }

    private static async Task<int> RunAsync(
        HostSettings settings, bool fresh, TimeProvider clock, Action<HostState> show, Action<HostState> running, CancellationToken ct)
    {
        try
        {
            await using var session = await Session.OpenAsync(settings, fresh, restartsOnCrash: true, clock, ct);
            session.Changed += show;
            await session.StartAsync(ct);
            running(session.State);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new Refusal("Interrupted before everything was healthy; what had been started is stopped.", Refusal.Failed);
        }
    }
}
