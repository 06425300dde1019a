using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Aistrale.Web.Sessions;

/// <summary>Gives a new circuit the credentials of the WebSocket request that opened it; later there is no request to read.</summary>
internal sealed class SessionCircuitHandler(AuthenticationStateProvider authentication, CurrentSession session) : CircuitHandler
{
    // Before anything else that runs when a circuit opens.
    public override int Order => int.MinValue;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        session.Credentials = (state.User.Identity as SessionIdentity)?.Credentials;
    }
}
