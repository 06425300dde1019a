using System.Diagnostics;
using System.Globalization;

namespace Aistrale.LocalHost.Processes;

/// <summary>
/// One run of a process behind <c>guard.sh</c>. The pipe to the guard closes with this program, however it ends,
/// and then the guard stops the process (docs/decisions/0003).
/// </summary>
internal sealed class GuardedProcess : IDisposable
{
    private readonly Process _guard;
    private readonly TimeSpan _grace;

    private GuardedProcess(Process guard, ProcessIdentity child, TimeSpan grace)
    {
        _guard = guard;
        _grace = grace;
        Child = child;
    }

    public ProcessIdentity Child { get; }

    public bool HasExited => _guard.HasExited;

    public static async Task<GuardedProcess> StartAsync(ProcessSpec spec, CancellationToken ct)
    {
        // The guard, too, leaves the terminal's session: Ctrl-C reaches the launcher only.
        var info = new ProcessStartInfo(ExecutableSearch.Require("setsid", "util-linux"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = spec.WorkingDirectory,
            ArgumentList =
            {
                // Not sh: dash drops variables whose names are no identifiers, such as ConnectionStrings__aistraledb-worker.
                ExecutableSearch.Require("bash", "bash"),
                Path.Combine(AppContext.BaseDirectory, "guard.sh"),
                spec.StopSignal,
                Tenths(spec.StopGrace),
                Tenths(spec.OrphanDelay),
                spec.LogFile,
            },
        };
        foreach (var word in spec.Command)
        {
            info.ArgumentList.Add(word);
        }

        info.Environment.Clear();
        foreach (var (key, value) in spec.Environment)
        {
            info.Environment[key] = value;
        }

        var guard = Process.Start(info) ?? throw new InvalidOperationException($"The guard of {spec.Name} did not start.");
        var line = await guard.StandardOutput.ReadLineAsync(ct);
        if (!int.TryParse(line, CultureInfo.InvariantCulture, out var childId))
        {
            throw new Refusal($"The guard of {spec.Name} ended before it had started anything: see {spec.LogFile}.", Refusal.Failed);
        }

        // A process that ended at once is no longer in the table; its number alone is enough to report it.
        return new GuardedProcess(guard, ProcessTable.Find(childId) ?? new ProcessIdentity(childId, -1), spec.StopGrace);
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await _guard.WaitForExitAsync(ct);
        return _guard.ExitCode;
    }

    /// <summary>Asks for an orderly end, kills after the grace period, and returns when nothing of it is left.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _guard.StandardInput.WriteLineAsync("stop");
            _guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard is gone already; what it left is dealt with below.
        }

        using var limit = new CancellationTokenSource(_grace + TimeSpan.FromSeconds(2));
        try
        {
            await _guard.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _guard.Kill();
        }

        KillWhatIsLeft();
    }

    /// <summary>kill -9 of the process itself, as a crash would look.</summary>
    public void Kill()
    {
        if (ProcessTable.IsAlive(Child))
        {
            Native.Signal(Child.ProcessId, Native.SigKill);
        }
    }

    /// <summary>Only needed when the guard itself was killed: otherwise it has done this.</summary>
    public void KillWhatIsLeft()
    {
        if (ProcessTable.IsAlive(Child))
        {
            Native.Signal(-Child.ProcessId, Native.SigKill);
            Native.Signal(Child.ProcessId, Native.SigKill);
        }
    }

    public void Dispose() => _guard.Dispose();

    private static string Tenths(TimeSpan time) => ((int)(time.TotalSeconds * 10)).ToString(CultureInfo.InvariantCulture);
}
