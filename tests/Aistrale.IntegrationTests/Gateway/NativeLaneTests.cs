using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Gateway;

/// <summary>What goes through the native lane is what would have gone direct, but for the changes that rulings allow.</summary>
public sealed class NativeLaneTests(SharedStack shared) : StackTest(shared)
{
    [Fact]
    public async Task A_whole_answer_has_the_very_bytes_of_the_provider()
    {
        const string Body = """{ "messages":[{"role":"user","content":"Grüße 👋"}],"model" : "gpt-4o-mini", "temperature":0.10 }""";
        Assert.Equal(await DirectAsync(Body), await ThroughAsync(Body));
    }

    [Fact]
    public async Task A_stream_that_asks_for_usage_has_the_very_bytes_of_the_provider()
    {
        const string Body = """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"sandbox:chunks=30"}]}""";
        Assert.Equal(await DirectAsync(Body), await ThroughAsync(Body));
    }

    [Fact]
    public async Task A_stream_that_does_not_ask_for_usage_shows_nothing_of_it()
    {
        const string Body = """{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"sandbox:chunks=30"}]}""";
        var through = await ThroughAsync(Body);

        Assert.DoesNotContain("\"usage\"", Encoding.UTF8.GetString(through), StringComparison.Ordinal);

        // The answer is a function of the request, and the request went out with the usage flag.
        const string Asked = """{"stream_options":{"include_usage":true},"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"sandbox:chunks=30"}]}""";
        var direct = Encoding.UTF8.GetString(await DirectAsync(Asked));
        var withoutUsage = string.Concat(direct.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(block => !block.Contains("\"choices\":[]", StringComparison.Ordinal))
            .Select(block => block.Replace(",\"usage\":null", "", StringComparison.Ordinal) + "\n\n"));
        Assert.Equal(withoutUsage, Encoding.UTF8.GetString(through));
    }

    [Fact]
    public async Task The_request_goes_out_with_only_the_model_changed_and_no_header_of_ours()
    {
        const string Body = """{"model":"groq/llama-3.1-8b-instant","x_unknown":{"kept":[1,2.50,"é"]},"messages":[{"role":"user","content":"hi"}]}""";
        using var request = ApiClient.Gateway("/v1/chat/completions", Body, Key);
        request.Headers.Add("x-custom-header", "kept");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await Admin.Http.SendAsync(request, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));

        var call = await SandboxLog.CallAsync(Stack.SandboxOrigin, response.Headers.GetValues("x-request-id").Single(), Ct);
        var expected = Body.Replace("groq/llama", "llama", StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(expected))), call.GetProperty("bodySha256").GetString());
        Assert.Equal("groq", call.GetProperty("keyLast4").GetString());
        foreach (var header in call.GetProperty("headers").EnumerateObject())
        {
            Assert.DoesNotContain("ais_live_", header.Value.GetString() ?? "", StringComparison.Ordinal);
            Assert.NotEqual("traceparent", header.Name);
            Assert.NotEqual("cookie", header.Name);
        }
    }

    [Fact]
    public async Task Rate_limit_headers_of_the_provider_come_through()
    {
        using var response = await ChatAsync(ApiClient.Chat("gpt-4o-mini", "hi"));
        Assert.Contains("x-ratelimit-remaining-requests", response.Headers.Select(header => header.Key));
        Assert.Equal("openai", response.Headers.GetValues("x-aistrale-provider").Single());
        Assert.Equal("1", response.Headers.GetValues("x-aistrale-attempts").Single());
    }

    private async Task<byte[]> ThroughAsync(string body)
    {
        using var response = await ChatAsync(body);
        var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        return Timeless(bytes);
    }

    private async Task<byte[]> DirectAsync(string body)
    {
        using var http = new HttpClient { BaseAddress = Stack.SandboxOrigin };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/openai/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox-openai");
        using var response = await http.SendAsync(request, Ct);
        return Timeless(await response.Content.ReadAsByteArrayAsync(Ct));
    }

    // The one clock reading in an answer; Latin-1 keeps every byte as it is.
    private static byte[] Timeless(byte[] answer) =>
        Encoding.Latin1.GetBytes(Regex.Replace(Encoding.Latin1.GetString(answer), "\"created\":\\d+", "\"created\":0"));
}
