using System.Net;

namespace Aistrale.Web.Sessions;

/// <summary>What the browser sent that the API needs to know who is asking. Never logged.</summary>
// A class, not a record: a record's ToString would print the cookie.
internal sealed class SessionCredentials(string? cookie, string? origin, IPAddress? address)
{
    /// <summary>The browser's whole Cookie header: which cookie is the session is the API's choice.</summary>
    public string? Cookie { get; } = cookie;

    /// <summary>The public origin that the browser is on; the API's defence against cross-site requests asks for it.</summary>
    public string? Origin { get; } = origin;

    public IPAddress? Address { get; } = address;
}
