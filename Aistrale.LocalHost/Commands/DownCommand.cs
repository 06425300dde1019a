using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Commands;

internal static class DownCommand
{
    // The stop itself is limited to 10 s; a launcher that was just starting needs a moment more.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(HomeFolder home, TimeProvider clock, CancellationToken ct)
    {
        if (!HomeLock.IsHeld(home))
        {
            await Session.EndLeftoversAsync(home, clock, ct);
            Console.WriteLine("Aistrale is not running.");
            return 0;
        }

        var limit = clock.GetUtcNow() + Limit;
        var asked = false;
        while (HomeLock.IsHeld(home))
        {
            // In the first moments of a start the lock is held and the state is not written yet.
            if (!asked && HostState.Load(home) is { } state && ProcessTable.IsAlive(state.Launcher))
            {
                asked = Native.Signal(state.Launcher.ProcessId, Native.SigTerm);
            }

            if (clock.GetUtcNow() > limit)
            {
                var pid = HostState.Load(home)?.Launcher.ProcessId;
                throw new Refusal($"Aistrale did not stop within {Limit.TotalSeconds:0} s: end it with 'kill -9 {pid}', its processes follow by themselves.", Refusal.Failed);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
        }

        Console.WriteLine("Aistrale is stopped.");
        return 0;
    }
}
