using System.Globalization;
using Aistrale.ApiService.Http;

namespace Aistrale.ApiService.Sessions;

/// <summary>
/// The cookie's name. Behind https it takes the <c>__Host-</c> prefix, which browsers tie to this host and to Secure. On plain http on this
/// machine it carries the port, because cookies of localhost are shared by all its ports and two installations must not sign each other out.
/// </summary>
internal sealed class SessionCookie(PublicOrigins origins)
{
    public string Name { get; } = origins.IsSecure ? "__Host-aistrale" : string.Create(CultureInfo.InvariantCulture, $"aistrale-{origins.Port}");

    public bool IsSecure { get; } = origins.IsSecure;
}
