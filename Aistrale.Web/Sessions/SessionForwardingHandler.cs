using System.Net;
using System.Net.Http.Headers;

namespace Aistrale.Web.Sessions;

/// <summary>Adds the browser's cookie, origin and address to each call of one scope.</summary>
// Made per scope around the shared, pooled handlers: the client factory's own handlers outlive a circuit and are shared between users.
internal sealed class SessionForwardingHandler(CurrentSession session) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (session.Credentials is { } credentials)
        {
            Add(request.Headers, "Cookie", credentials.Cookie);
            Add(request.Headers, "Origin", credentials.Origin);
            Add(request.Headers, "X-Forwarded-For", Text(credentials.Address));
        }

        return base.SendAsync(request, cancellationToken);
    }

    // Sample: ::ffff:203.0.113.7 is written as 203.0.113.7
    private static string? Text(IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    private static void Add(HttpRequestHeaders headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
