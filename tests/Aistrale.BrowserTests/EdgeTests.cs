using System.Net;
using System.Net.WebSockets;
using Xunit;

namespace Aistrale.BrowserTests;

/// <summary>What the console promises below the pages: headers, origins, the proxy.</summary>
public sealed class EdgeTests(FakeConsole console)
{
    [Theory]
    [InlineData("/login", HttpStatusCode.OK)]
    [InlineData("/no/such/page", HttpStatusCode.NotFound)]
    [InlineData("/css/tokens.css", HttpStatusCode.OK)]
    [InlineData("/api/keys", HttpStatusCode.Unauthorized)]
    [InlineData("/alive", HttpStatusCode.OK)]
    public async Task Every_answer_carries_the_browsers_rules(string path, HttpStatusCode expected)
    {
        using var http = new HttpClient { BaseAddress = console.Origin };
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
        if (answer.Content.Headers.ContentType?.MediaType == "text/html")
        {
            Assert.True(answer.Headers.CacheControl?.NoStore);
        }
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("null")]
    public async Task A_circuit_from_another_origin_is_refused(string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(console.Origin) { Scheme = "ws", Path = "/_blazor" }.Uri;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_circuit_from_the_consoles_own_origin_is_let_in()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", console.Origin.ToString().TrimEnd('/'));
        var address = new UriBuilder(console.Origin) { Scheme = "ws", Path = "/_blazor" }.Uri;

        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task The_api_is_reached_through_the_console_and_its_problems_pass_unchanged()
    {
        using var http = new HttpClient { BaseAddress = console.Origin };
        using var answer = await http.GetAsync(new Uri("/api/tokens", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"code\":\"not_signed_in\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_a_stream_pass_one_by_one()
    {
        using var http = new HttpClient { BaseAddress = console.Origin };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("{}") };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        // The API sends the next event only after this test has read the one before: a proxy that holds events back would hang here.
        for (var number = 0; number < 3; number++)
        {
            Assert.Equal($"data: {{\"number\":{number}}}", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            console.State.EventSeen.Release();
        }

        Assert.Null(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_body_of_thirty_two_megabytes_reaches_the_api()
    {
        const int Length = 32 * 1024 * 1024;
        using var http = new HttpClient { BaseAddress = console.Origin };
        using var answer = await http.PostAsync(new Uri("/v1/embeddings", UriKind.Relative), new ByteArrayContent(new byte[Length]), TestContext.Current.CancellationToken);

        Assert.Equal(Length.ToString(System.Globalization.CultureInfo.InvariantCulture), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
