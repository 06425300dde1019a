using Aistrale.Web.Clients;
using Aistrale.Web.Http;

namespace Aistrale.Web.Sessions;

/// <summary>Session facts of one HTTP request and its answer.</summary>
internal static class HttpSession
{
    public static SessionCredentials ReadCredentials(this HttpRequest request, PublicOrigins origins)
    {
        // Under "Referrer-Policy: no-referrer" a browser sends "Origin: null" with a form; the request's own public origin stands in,
        // and the antiforgery token proves that the form was ours.
        var origin = request.Headers.Origin.ToString();
        return new SessionCredentials(
            request.Headers.Cookie.ToString(),
            origins.IsAllowed(origin) ? origin : origins.OriginOf(request),
            request.HttpContext.Connection.RemoteIpAddress);
    }

    /// <summary>Hands the API's cookies to the browser as they are: name, lifetime and flags are its choice.</summary>
    public static void CopyCookies(this HttpResponse response, ApiCookies cookies)
    {
        foreach (var cookie in cookies.SetCookieHeaders)
        {
            response.Headers.Append("Set-Cookie", cookie);
        }
    }
}
