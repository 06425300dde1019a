using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Aistrale.Web.Http;

/// <summary>The origins under which people reach this console. A circuit opened from elsewhere is refused, and the API hears one of these as <c>Origin</c>.</summary>
internal sealed class PublicOrigins(IConfiguration configuration, IServer server)
{
    private const string Setting = "AISTRALE_PUBLIC_ORIGINS";
    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "[::1]"];

    // Lazy: the listening port is known only after the server has started.
    private readonly Lazy<IReadOnlyList<string>> _origins = new(() => Read(configuration, server));

    public bool IsAllowed(string? origin) =>
        origin is not null && _origins.Value.Contains(Normalize(origin), StringComparer.OrdinalIgnoreCase);

    /// <summary>The public origin that this request came in by, or null when its Host is none of ours.</summary>
    // Compared by host and port only: behind a TLS-ending proxy the request itself is plain http.
    public string? OriginOf(HttpRequest request) =>
        _origins.Value.FirstOrDefault(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<string> Read(IConfiguration configuration, IServer server)
    {
        // Sample: https://aistrale.example.org, https://console.example.org:8443
        var configured = (configuration[Setting] ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (configured.Length > 0)
        {
            return [.. configured.Select(Normalize)];
        }

        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return [.. addresses
            .Select(BindingAddress.Parse)
            .SelectMany(address => LocalHosts.Select(host => Normalize($"{address.Scheme}://{host}:{address.Port}")))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    // "http://localhost:80/" and "http://localhost" are the same origin.
    private static string Normalize(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : origin;
}
