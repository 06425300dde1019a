namespace Aistrale.Web.Http;

/// <summary>A browser attaches our cookie to a WebSocket that any page opens; only the Origin header tells such a page from ours.</summary>
internal sealed partial class CircuitOriginMiddleware(RequestDelegate next, PublicOrigins origins, ILogger<CircuitOriginMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) && !IsOurs(context.Request))
        {
            LogRefused(context.Request.Headers.Origin.ToString());
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(
                "This console may not be opened from this origin. Add the origin to AISTRALE_PUBLIC_ORIGINS.", context.RequestAborted);
            return;
        }

        await next(context);
    }

    private bool IsOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            return origins.IsAllowed(origin);
        }

        // Browsers send no Origin with same-origin GETs such as the initializers' list; an upgrade always has one.
        return !request.HttpContext.WebSockets.IsWebSocketRequest
            && HttpMethods.IsGet(request.Method)
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";
    }

    [LoggerMessage(LogLevel.Warning, "Refused a circuit from origin {Origin}")]
    private partial void LogRefused(string origin);
}
