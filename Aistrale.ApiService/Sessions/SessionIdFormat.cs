using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Aistrale.ApiService.Sessions;

/// <summary>
/// The cookie's value is the random session id and nothing else; what it opens is looked up in Redis. So no key ring guards it and
/// there is nothing to forge.
/// </summary>
internal sealed class SessionIdFormat : ISecureDataFormat<AuthenticationTicket>
{
    // The name under which the cookie handler expects the key of its ticket store.
    private const string SessionIdClaim = "Microsoft.AspNetCore.Authentication.Cookies-SessionId";

    public string Protect(AuthenticationTicket data) => data.Principal.FindFirstValue(SessionIdClaim) ?? "";

    public string Protect(AuthenticationTicket data, string? purpose) => Protect(data);

    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        if (protectedText is not { Length: SessionIds.Length })
        {
            return null;
        }

        var identity = new ClaimsIdentity([new Claim(SessionIdClaim, protectedText)], Schemes.Session);
        return new AuthenticationTicket(new ClaimsPrincipal(identity), Schemes.Session);
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);
}
