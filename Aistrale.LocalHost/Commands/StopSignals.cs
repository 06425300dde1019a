using System.Runtime.InteropServices;

namespace Aistrale.LocalHost.Commands;

/// <summary>
/// Turns Ctrl-C, SIGTERM and the closing of the terminal into a cancellation. The second signal ends this program at once;
/// the guards then stop what it had started.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const int ExitAfterSecondSignal = 130;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested)
        {
            Environment.Exit(ExitAfterSecondSignal);
        }

        _stop.Cancel();
    }
}
