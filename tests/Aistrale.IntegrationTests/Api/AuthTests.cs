using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Api;

public sealed class AuthTests(SharedStack shared) : StackTest(shared)
{
    [Fact]
    public async Task A_session_is_an_opaque_http_only_cookie_and_ends_at_logout()
    {
        using var client = new ApiClient(Stack.ApiOrigin, Stack.WebOrigin);
        using var login = await client.Http.PostAsJsonAsync("/api/auth/login", new LoginRequest(Stack.AdminEmail, Stack.AdminPassword), Ct);
        var setCookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", setCookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", setCookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(43, client.Cookies.GetCookies(Stack.ApiOrigin).Single().Value.Length);

        var me = await client.GetAsync<CurrentUserResponse>("/api/auth/me", Ct);
        Assert.Equal((Stack.AdminEmail, Roles.Admin), (me.Email, me.Role));

        var cookie = client.Cookies.GetCookieHeader(Stack.ApiOrigin);
        using var logout = await client.Http.PostAsync("/api/auth/logout", null, Ct);
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        using var replay = new HttpRequestMessage(HttpMethod.Get, new Uri(Stack.ApiOrigin, "/api/auth/me")) { Headers = { { "Cookie", cookie } } };
        using var bare = new HttpClient();
        using var after = await bare.SendAsync(replay, Ct);
        await AssertProblemAsync(after, 401, ErrorCodes.NotSignedIn);
    }

    [Theory]
    [InlineData("nobody@example.org", "whatever it is")]
    [InlineData(null, "not the password")]
    public async Task Wrong_credentials_read_the_same_for_known_and_unknown_accounts(string? email, string password)
    {
        using var client = new ApiClient(Stack.ApiOrigin, Stack.WebOrigin);
        using var response = await client.Http.PostAsJsonAsync("/api/auth/login", new LoginRequest(email ?? Stack.AdminEmail, password), Ct);
        var problem = await AssertProblemAsync(response, 401, ErrorCodes.InvalidCredentials);
        Assert.Equal("The e-mail address or the password is not right.", problem.GetProperty("detail").GetString());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_made_up_cookie_opens_nothing()
    {
        var name = Admin.Cookies.GetCookies(Stack.ApiOrigin).Single().Name;
        foreach (var value in new[] { new string('A', 43), "", "x", new string('A', 5000) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Stack.ApiOrigin, "/api/auth/me")) { Headers = { { "Cookie", $"{name}={value}" } } };
            using var http = new HttpClient();
            using var response = await http.SendAsync(request, Ct);
            await AssertProblemAsync(response, 401, ErrorCodes.NotSignedIn);
        }
    }

    [Theory]
    [InlineData("same-origin", null, true)]
    [InlineData("cross-site", null, false)]
    [InlineData("same-site", null, false)]
    [InlineData("none", null, false)]
    [InlineData(null, "own", true)]
    [InlineData(null, "https://evil.example", false)]
    [InlineData("cross-site", "own", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, null, false)]
    public async Task A_cookie_counts_only_for_requests_from_the_console(string? site, string? origin, bool accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Stack.ApiOrigin, "/api/keys")) { Content = JsonContent.Create(new CreateKeyRequest("csrf")) };
        request.Headers.Add("Cookie", Admin.Cookies.GetCookieHeader(Stack.ApiOrigin));
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? Stack.WebOrigin.GetLeftPart(UriPartial.Authority) : origin);
        }

        using var http = new HttpClient();
        using var response = await http.SendAsync(request, Ct);
        if (accepted)
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
        else
        {
            await AssertProblemAsync(response, 403, ErrorCodes.CrossSiteRequest);
        }
    }

    [Fact]
    public async Task Set_up_is_gone_once_there_is_an_admin()
    {
        using var get = await Admin.Http.GetAsync("/api/setup", Ct);
        using var http = new HttpClient { BaseAddress = Stack.ApiOrigin };
        using var post = await http.PostAsJsonAsync("/api/setup", new SetupRequest("code", "x@example.org", "X", "a long enough password"), Ct);
        await AssertProblemAsync(get, 404, ErrorCodes.NotFound);
        await AssertProblemAsync(post, 404, ErrorCodes.NotFound);
    }

    [Theory]
    [InlineData("/api/auth/me")]
    [InlineData("/api/tokens")]
    [InlineData("/api/keys")]
    [InlineData("/api/inference/models")]
    [InlineData("/api/telemetry/requests")]
    [InlineData("/api/nothing")]
    public async Task Nobody_reads_anything_without_signing_in(string path)
    {
        using var http = new HttpClient { BaseAddress = Stack.ApiOrigin };
        using var response = await http.GetAsync(path, Ct);
        Assert.Contains((int)response.StatusCode, new[] { 401, 404 });
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"email":"a","email":"b","password":"c"}""", 400)]
    [InlineData("""{"email":"a@b","password":"c","role":"admin"}""", 400)]
    public async Task A_malformed_login_is_a_clear_problem(string body, int status)
    {
        using var http = new HttpClient { BaseAddress = Stack.ApiOrigin };
        using var response = await http.PostAsync("/api/auth/login", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ct);
        await AssertProblemAsync(response, status, ErrorCodes.ValidationFailed);
    }

    internal static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
        return problem;
    }
}
