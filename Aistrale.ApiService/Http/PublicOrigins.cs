namespace Aistrale.ApiService.Http;

/// <summary>Origins from which a browser may use a session (<c>AISTRALE_PUBLIC_ORIGINS</c>, comma-separated; default: the local console).</summary>
internal sealed class PublicOrigins
{
    private const string Key = "AISTRALE_PUBLIC_ORIGINS";
    private readonly HashSet<string> _origins;

    public PublicOrigins(IConfiguration configuration)
    {
        var text = configuration[Key] is { Length: > 0 } configured ? configured : "http://localhost:5080,http://127.0.0.1:5080";
        Uri[] origins = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];
        if (origins.Length == 0)
        {
            throw new InvalidOperationException($"{Key} names no origin. Write it like https://console.example.com.");
        }

        _origins = [.. origins.Select(AsBrowsersSendIt)];
        IsSecure = Array.TrueForAll(origins, origin => origin.Scheme == Uri.UriSchemeHttps);
        Port = origins[0].Port;
    }

    /// <summary>Every origin is https: cookies can insist on it.</summary>
    public bool IsSecure { get; }

    public int Port { get; }

    public bool Contains(string origin) => _origins.Contains(origin.ToLowerInvariant());

    // Scheme, ASCII form of the name, and the port unless it is the scheme's own.
    private static string AsBrowsersSendIt(Uri origin)
    {
        var host = origin.HostNameType == UriHostNameType.IPv6 ? $"[{origin.IdnHost}]" : origin.IdnHost;
        return (origin.IsDefaultPort ? $"{origin.Scheme}://{host}" : $"{origin.Scheme}://{host}:{origin.Port}").ToLowerInvariant();
    }

    private static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https"))
        {
            throw new InvalidOperationException($"{Key} holds '{text}', which is no origin. Write it like https://console.example.com.");
        }

        return origin.Scheme == Uri.UriSchemeHttps || origin.IsLoopback
            ? origin
            : throw new InvalidOperationException($"{Key} holds '{text}': a session may travel over plain http on this machine only. Use https.");
    }
}
