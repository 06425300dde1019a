using System.Security.Claims;
using System.Text.Encodings.Web;
using Aistrale.Web.Clients;
using Aistrale.Web.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;

namespace Aistrale.Web.Sessions;

/// <summary>Asks the API who holds the browser's cookie. Web itself can neither make nor read a session.</summary>
internal sealed class ApiSessionAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AuthClient auth,
    CurrentSession session,
    PublicOrigins origins) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private bool _apiIsDown;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!NeedsUser())
        {
            return AuthenticateResult.NoResult();
        }

        var credentials = Request.ReadCredentials(origins);
        session.Credentials = credentials;
        if (string.IsNullOrEmpty(credentials.Cookie))
        {
            return AuthenticateResult.NoResult();
        }

        var me = await auth.GetCurrentUserAsync(Context.RequestAborted);
        if (me.IsOk)
        {
            var principal = new ClaimsPrincipal(new SessionIdentity(me.Value, credentials));
            return AuthenticateResult.Success(new AuthenticationTicket(principal, SessionIdentity.Scheme));
        }

        _apiIsDown = me.Problem.IsUnavailable;
        return AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_apiIsDown)
        {
            // Not knowing is no reason to send someone to sign in again; the error page tries again by itself.
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        if (IsCircuit())
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        Response.Redirect(LocalUrl.SignIn(Request.Path + Request.QueryString));
        return Task.CompletedTask;
    }

    // Proxied calls and static files are none of our business: each would cost the API one more question.
    private bool NeedsUser() =>
        IsCircuit()
        || Context.GetEndpoint()?.Metadata is { } endpoint
            && (endpoint.GetMetadata<ComponentTypeMetadata>() is not null || endpoint.GetMetadata<IAuthorizeData>() is not null);

    private bool IsCircuit() => Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);
}
