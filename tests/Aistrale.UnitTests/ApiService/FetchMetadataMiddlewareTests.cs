using System.Text.Json;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class FetchMetadataMiddlewareTests
{
    private const string Ours = "https://console.example.com";

    [Theory]
    // method, cookie, Sec-Fetch-Site, Origin, passes
    [InlineData("GET", true, "cross-site", "https://evil.test", true)]
    [InlineData("HEAD", true, "cross-site", null, true)]
    [InlineData("OPTIONS", true, "cross-site", null, true)]
    [InlineData("POST", true, "same-origin", null, true)]
    [InlineData("POST", true, "same-origin", "https://evil.test", true)]
    [InlineData("POST", true, "same-site", Ours, false)]
    [InlineData("POST", true, "cross-site", Ours, false)]
    [InlineData("POST", true, "none", Ours, false)]
    [InlineData("POST", true, "Same-Origin", null, false)]
    [InlineData("POST", true, "same-origin, cross-site", null, false)]
    [InlineData("POST", true, "anything", null, false)]
    [InlineData("POST", true, null, Ours, true)]
    [InlineData("POST", true, "", Ours, true)]
    [InlineData("POST", true, null, "https://console.example.com:443", false)]
    [InlineData("POST", true, null, "https://evil.test", false)]
    [InlineData("POST", true, null, "http://console.example.com", false)]
    [InlineData("POST", true, null, "https://console.example.com.evil.test", false)]
    [InlineData("POST", true, null, "null", false)]
    [InlineData("POST", true, null, null, false)]
    [InlineData("PUT", true, null, null, false)]
    [InlineData("PATCH", true, "cross-site", null, false)]
    [InlineData("DELETE", true, "cross-site", null, false)]
    [InlineData("TRACE", true, null, null, false)]
    [InlineData("get", true, "cross-site", null, true)]
    [InlineData("POST", false, "cross-site", "https://evil.test", true)]
    [InlineData("POST", false, null, null, true)]
    public async Task A_cookie_has_power_only_over_requests_from_here(string method, bool cookie, string? site, string? origin, bool passes)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Headers.Cookie = cookie ? "other=1; __Host-aistrale=abc" : "other=1";
        Set(context, "Sec-Fetch-Site", site);
        Set(context, "Origin", origin);
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        var passed = false;

        await Middleware(() => passed = true).InvokeAsync(context);

        Assert.Equal(passes, passed);
        if (!passes)
        {
            Assert.Equal((403, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType));
            Assert.Equal("cross_site_request", JsonElement.Parse(answer.ToArray()).GetProperty("code").GetString());
        }
    }

    private static void Set(DefaultHttpContext context, string header, string? value)
    {
        if (value is not null)
        {
            context.Request.Headers[header] = value;
        }
    }

    private static FetchMetadataMiddleware Middleware(Action next)
    {
        var origins = PublicOriginsTests.Origins(Ours);
        return new FetchMetadataMiddleware(
            _ =>
            {
                next();
                return Task.CompletedTask;
            },
            origins,
            new SessionCookie(origins));
    }
}
