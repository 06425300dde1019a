using Aistrale.Sandbox.Calls;

namespace Aistrale.Sandbox.Serving;

internal static class Connection
{
    // Kestrel hands bytes to the socket on another thread; a reset that overtakes them would lose what the
    // script promised to send first.
    private static readonly TimeSpan UntilSent = TimeSpan.FromMilliseconds(20);

    public static async Task<CallOutcome> ResetAsync(HttpContext http, TimeProvider clock)
    {
        if (http.Response.HasStarted)
        {
            await Task.Delay(UntilSent, clock, CancellationToken.None);
        }

        http.Abort();
        return CallOutcome.Died;
    }
}
