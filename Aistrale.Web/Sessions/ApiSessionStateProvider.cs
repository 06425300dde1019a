using System.Security.Claims;
using Aistrale.Web.Clients;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Aistrale.Web.Sessions;

/// <summary>Ends a circuit's sign-in when the API no longer knows its session: asked every five seconds, and at once when any call is answered 401.</summary>
internal sealed class ApiSessionStateProvider : RevalidatingServerAuthenticationStateProvider
{
    private readonly CurrentSession _session;
    private readonly AuthClient _auth;

    public ApiSessionStateProvider(ILoggerFactory loggerFactory, CurrentSession session, AuthClient auth)
        : base(loggerFactory)
    {
        _session = session;
        _auth = auth;
        _session.Ended += SignOut;
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var me = await _auth.GetCurrentUserAsync(cancellationToken);
        // Only a clear "not signed in" ends the session; an API that restarts must not throw everybody out.
        return me.IsOk || me.Problem.Status != StatusCodes.Status401Unauthorized;
    }

    protected override void Dispose(bool disposing)
    {
        _session.Ended -= SignOut;
        base.Dispose(disposing);
    }

    private void SignOut() =>
        SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
}
