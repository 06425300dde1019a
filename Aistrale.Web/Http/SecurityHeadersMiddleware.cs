namespace Aistrale.Web.Http;

/// <summary>Puts the browser's rules on every answer, errors and static files included.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    // No nonce: pages carry no inline script (the import map is left out), so 'self' is enough.
    // style-src-attr: bars and Blazor's Virtualize set style attributes (docs/decisions/0002).
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";

    private const string PermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            Apply((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        // What the API answered keeps its own policy where it set one: its human docs need a different one.
        var proxied = context.GetEndpoint()?.Metadata.GetMetadata<ProxiedEndpointAttribute>() is not null;
        if (!proxied || headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
        }

        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers.Remove("Server");
        headers.Remove("X-Powered-By");

        if (!proxied && context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
        {
            headers.CacheControl = "no-store";
        }
    }
}
