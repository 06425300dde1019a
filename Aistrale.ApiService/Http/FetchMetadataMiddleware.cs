using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;

namespace Aistrale.ApiService.Http;

/// <summary>
/// Refuses a cookie's power to pages of other sites: an unsafe request with a session cookie must say that it comes from this origin,
/// by Sec-Fetch-Site or by an Origin that is one of ours. Saying neither is a refusal too.
/// </summary>
internal sealed class FetchMetadataMiddleware(RequestDelegate next, PublicOrigins origins, SessionCookie cookie)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        return isSafe || !request.Cookies.ContainsKey(cookie.Name) || IsFromHere(request)
            ? next(context)
            : Problems.WriteAsync(context, 403, ErrorCodes.CrossSiteRequest, "This request does not come from the console. Send it from there, or send an Origin header that is one of AISTRALE_PUBLIC_ORIGINS.");
    }

    private bool IsFromHere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site == "same-origin";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && origins.Contains(origin);
    }
}
