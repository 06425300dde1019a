using System.Globalization;
using System.Security.Claims;
using Aistrale.Contracts;

namespace Aistrale.Web.Sessions;

/// <summary>
/// The signed-in user with the credentials that proved it. The principal of the WebSocket's own request is what a circuit starts with,
/// so the credentials reach the circuit by this road and never by the page.
/// </summary>
internal sealed class SessionIdentity : ClaimsIdentity
{
    public const string Scheme = "ApiSession";

    public SessionIdentity(CurrentUserResponse user, SessionCredentials credentials)
        : base(
            [
                new Claim(ClaimTypes.NameIdentifier, user.Id.ToString("D", CultureInfo.InvariantCulture)),
                new Claim(ClaimTypes.Name, user.DisplayName),
                new Claim(ClaimTypes.Email, user.Email),
                new Claim(ClaimTypes.Role, user.Role),
            ],
            Scheme)
    {
        User = user;
        Credentials = credentials;
    }

    public CurrentUserResponse User { get; }

    public SessionCredentials Credentials { get; }
}
