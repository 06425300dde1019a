using System.ComponentModel;
using System.Diagnostics;

namespace Aistrale.LocalHost.Processes;

/// <summary>
/// Starts a process, waits until it is healthy, starts it again when it crashes, stops it.
/// One caller at a time for start and stop; the status may be read from anywhere.
/// </summary>
internal sealed class SupervisedProcess(ProcessSpec spec, TimeProvider clock, Action<SupervisedProcess> changed) : IAsyncDisposable
{
    /// <summary>Crashes in a row that a start survives; a service that was healthy once is started again for ever.</summary>
    private const int StartAttempts = 4;
    private const int LinesShownOnFailure = 12;

    private static readonly TimeSpan ProbeWhileStarting = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProbeWhileRunning = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CountsAsStable = TimeSpan.FromSeconds(60);

    private GuardedProcess? _run;
    private CancellationTokenSource? _watchStop;
    private Task _watch = Task.CompletedTask;
    private long _logStart;
    private volatile ServiceStatus _status = new(spec.Name, spec.Port);

    public ProcessSpec Spec => spec;

    public ServiceStatus Status => _status;

    /// <summary>False: a process that ends stays ended until it is started by hand (tests).</summary>
    public bool RestartsOnCrash { get; init; } = true;

    /// <summary>Returns when the process is healthy, and from then on watches it.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await EndWatchAsync();
        for (var attempt = 1; ; attempt++)
        {
            var failure = await LaunchAsync(ct);
            if (failure is null)
            {
                break;
            }

            if (attempt == StartAttempts || !RestartsOnCrash)
            {
                throw Fail(failure);
            }

            Set(_status with { State = ServiceState.Restarting, Restarts = _status.Restarts + 1, Detail = failure });
            await Task.Delay(Backoff(attempt), clock, ct);
        }

        _watchStop = new CancellationTokenSource();
        _watch = WatchAsync(_watchStop.Token);
    }

    /// <summary>For a process that has an end, such as the migrations: never tried twice.</summary>
    public async Task RunToCompletionAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(spec.StartLimit);
        using var run = await BeginAsync(ct);
        try
        {
            var code = await run.WaitForExitAsync(limit.Token);
            if (code != 0)
            {
                throw Fail($"ended with exit code {code}");
            }
        }
        catch (OperationCanceledException)
        {
            await run.StopAsync();
            ct.ThrowIfCancellationRequested();
            throw Fail($"did not end within {spec.StartLimit.TotalSeconds:0} s");
        }
        finally
        {
            _run = null;
        }

        Set(_status with { State = ServiceState.Completed, Process = null, StartMs = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds });
    }

    public async Task StopAsync()
    {
        await EndWatchAsync();
        if (_run is { } run)
        {
            _run = null;
            Set(_status with { State = ServiceState.Stopping, Detail = null });
            await run.StopAsync();
            run.Dispose();
        }

        if (_status.State is not (ServiceState.Failed or ServiceState.Completed))
        {
            Set(_status with { State = ServiceState.Stopped, Process = null });
        }
    }

    /// <summary>kill -9, as a crash.</summary>
    public void Kill() => _run?.Kill();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _watchStop?.Dispose();
    }

    private async Task<GuardedProcess> BeginAsync(CancellationToken ct)
    {
        Set(_status with { State = ServiceState.Starting, Detail = null });
        _logStart = LogFiles.LengthOf(spec.LogFile);
        var run = await GuardedProcess.StartAsync(spec, ct);
        _run = run;
        Set(_status with { Process = run.Child, StartedAt = clock.GetUtcNow() });
        return run;
    }

    /// <summary>Null when healthy; what happened when it ended first. Throws when it lives but does not get healthy in time.</summary>
    private async Task<string?> LaunchAsync(CancellationToken ct)
    {
        var run = await BeginAsync(ct);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var reason = await spec.Probe(ct);
            if (run.HasExited)
            {
                var code = await run.WaitForExitAsync(ct);
                Discard(run);
                return $"ended with exit code {code}";
            }

            if (reason is null)
            {
                Set(_status with { State = ServiceState.Healthy, Detail = null, StartMs = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds });
                return null;
            }

            if (Stopwatch.GetElapsedTime(began) > spec.StartLimit)
            {
                await run.StopAsync();
                Discard(run);
                throw Fail($"was not healthy after {spec.StartLimit.TotalSeconds:0} s: {reason}");
            }

            if (reason != _status.Detail)
            {
                Set(_status with { Detail = reason });
            }

            await Task.Delay(ProbeWhileStarting, clock, ct);
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var ended = await WatchOneRunAsync(stop);
                if (!RestartsOnCrash)
                {
                    Set(_status with { State = ServiceState.Stopped, Process = null, Detail = ended });
                    return;
                }

                await RestartAsync(ended, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    /// <summary>Keeps the health up to date and returns how the process ended.</summary>
    private async Task<string> WatchOneRunAsync(CancellationToken stop)
    {
        var run = _run!;
        var exit = run.WaitForExitAsync(stop);
        while (await Task.WhenAny(exit, Task.Delay(ProbeWhileRunning, clock, stop)) != exit)
        {
            stop.ThrowIfCancellationRequested();
            var reason = await spec.Probe(stop);
            var state = reason is null ? ServiceState.Healthy : ServiceState.Unhealthy;
            if (!run.HasExited && (state != _status.State || reason != _status.Detail))
            {
                Set(_status with { State = state, Detail = reason });
            }
        }

        var code = await exit;
        Discard(run);
        return $"ended with exit code {code}";
    }

    private async Task RestartAsync(string why, CancellationToken stop)
    {
        var stable = clock.GetUtcNow() - _status.StartedAt > CountsAsStable;
        for (var attempt = stable ? 1 : _status.Restarts + 1; ; attempt++)
        {
            Set(_status with { State = ServiceState.Restarting, Restarts = _status.Restarts + 1, Detail = why, Process = null });
            await Task.Delay(Backoff(attempt), clock, stop);
            try
            {
                var failure = await LaunchAsync(stop);
                if (failure is null)
                {
                    return;
                }

                why = failure;
            }
            catch (Exception failure) when (failure is Refusal or Win32Exception or IOException)
            {
                // A program that a build is replacing right now cannot be started; the next try finds it.
                why = failure.Message;
            }
        }
    }

    private static TimeSpan Backoff(int attempt)
    {
        var delay = TimeSpan.FromMilliseconds(250 * Math.Pow(2, Math.Min(attempt, 10) - 1));
        return delay < LongestBackoff ? delay : LongestBackoff;
    }

    private async Task EndWatchAsync()
    {
        if (_watchStop is { } stop)
        {
            await stop.CancelAsync();
            await _watch;
            stop.Dispose();
            _watchStop = null;
        }
    }

    private void Discard(GuardedProcess run)
    {
        run.KillWhatIsLeft();
        run.Dispose();
        _run = null;
    }

    private Refusal Fail(string what)
    {
        Set(_status with { State = ServiceState.Failed, Process = null, Detail = what });
        var lines = LogFiles.Tail(spec.LogFile, LinesShownOnFailure, _logStart);
        var text = $"{spec.Name} {what}; its log is {spec.LogFile}.";
        return new Refusal(lines.Count == 0 ? text : $"{text} Its last lines:\n  {string.Join("\n  ", lines)}", Refusal.Failed);
    }

    private void Set(ServiceStatus status)
    {
        _status = status;
        changed(this);
    }
}
