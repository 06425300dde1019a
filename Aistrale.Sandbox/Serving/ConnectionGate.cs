using Aistrale.Sandbox.Calls;
using Microsoft.AspNetCore.Connections;

namespace Aistrale.Sandbox.Serving;

/// <summary>Counts open connections, and cuts those that outlive a short grace when the process is told to stop.</summary>
internal sealed class ConnectionGate : IDisposable
{
    // Short calls finish in it; streams may run for hours, and a stop does not wait for them.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly CallLog _log;
    private readonly CancellationTokenSource _cut;
    private readonly CancellationTokenRegistration _stopping;

    public ConnectionGate(CallLog log, IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        _log = log;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _stopping = lifetime.ApplicationStopping.Register(() => _cut.CancelAfter(Grace));
    }

    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        _log.ConnectionOpened();
        await using var cut = _cut.Token.Register(static c => ((ConnectionContext)c!).Abort(), connection);
        try
        {
            await next(connection);
        }
        finally
        {
            _log.ConnectionClosed();
        }
    };

    public void Dispose()
    {
        _stopping.Dispose();
        _cut.Dispose();
    }
}
