using System.Net.Http.Headers;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Gateway;

/// <summary>Whatever is wrong, the caller reads an error in its own dialect that says what to do, and never a stack trace.</summary>
public sealed class BadInputTests(SharedStack shared) : StackTest(shared)
{
    private const string Message = """ "messages":[{"role":"user","content":"hi"}]""";

    [Theory]
    [InlineData("", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{", 400, ErrorCodes.InvalidRequest)]
    [InlineData("[1]", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{}", 400, ErrorCodes.InvalidRequest)]
    [InlineData("""{"model":7}""", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{\"model\":\"gpt-4o-mini\"} x", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{\"model\":\"gpt-4o-mini\",\"stream\":\"yes\"," + Message + "}", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{\"model\":\"gpt-4o-mini\",\"model\":\"gpt-4o\"," + Message + "}", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{\"model\":\"no-such-model\"," + Message + "}", 404, ErrorCodes.ModelNotFound)]
    [InlineData("{\"model\":\"custom/nowhere/llama\"," + Message + "}", 400, ErrorCodes.NoProviderToken)]
    [InlineData("{\"model\":\"claude-haiku-4-5\",\"messages\":[]}", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{\"model\":\"claude-haiku-4-5\",\"temperature\":\"hot\"," + Message + "}", 400, ErrorCodes.InvalidRequest)]
    [InlineData("{\"model\":\"claude-haiku-4-5\",\"tools\":[{\"type\":\"function\"}]," + Message + "}", 400, ErrorCodes.UnsupportedParameter)]
    public async Task A_body_that_cannot_be_served_is_refused_in_the_dialect(string body, int status, string code)
    {
        using var response = await ChatAsync(body);
        await AssertErrorAsync(response, status, code);
    }

    [Fact]
    public async Task Nesting_without_end_is_refused()
    {
        using var response = await ChatAsync("{\"model\":\"gpt-4o-mini\",\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}");
        await AssertErrorAsync(response, 400, ErrorCodes.InvalidRequest);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var request = ApiClient.Gateway("/v1/chat/completions", "", Key);
        request.Content = new ByteArrayContent([.. "{\"model\":\""u8, 0xff, 0xfe, .. "\"}"u8]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await Admin.Http.SendAsync(request, Ct);
        await AssertErrorAsync(response, 400, ErrorCodes.InvalidRequest);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        using var response = await ChatAsync(ApiClient.Chat("gpt-4o-mini", new string('x', 33 * 1024 * 1024)));
        await AssertErrorAsync(response, 413, ErrorCodes.PayloadTooLarge);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sk-something-else")]
    [InlineData("ais_live_0000000000000000000000000000000000000000000000000")]
    public async Task Without_a_valid_key_nothing_happens(string? key)
    {
        using var request = ApiClient.Gateway("/v1/chat/completions", ApiClient.Chat("gpt-4o-mini", "hi"), "unused");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var http = new HttpClient { BaseAddress = Stack.ApiOrigin };
        using var response = await http.SendAsync(request, Ct);
        await AssertErrorAsync(response, 401, ErrorCodes.InvalidApiKey);
    }

    [Fact]
    public async Task A_well_formed_key_that_was_never_made_is_unknown()
    {
        using var response = await ChatAsync(ApiClient.Chat("gpt-4o-mini", "hi"), Core.Keys.KeyFormat.Generate());
        await AssertErrorAsync(response, 401, ErrorCodes.InvalidApiKey);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var key = await Admin.CreateKeyAsync(new CreateKeyRequest("to be revoked"), Ct);
        using var before = await ChatAsync(ApiClient.Chat("gpt-4o-mini", "hi"), key.Key);
        using var revoked = await Admin.Http.DeleteAsync($"/api/keys/{key.Id}", Ct);
        using var after = await ChatAsync(ApiClient.Chat("gpt-4o-mini", "hi"), key.Key);

        Assert.True(before.IsSuccessStatusCode);
        Assert.Equal(204, (int)revoked.StatusCode);
        await AssertErrorAsync(after, 401, ErrorCodes.InvalidApiKey);
    }

    [Theory]
    [InlineData("gpt-4o-mini", 200, null)]
    [InlineData("openai/gpt-4o-mini", 200, null)]
    [InlineData("gpt-4o", 403, ErrorCodes.ModelNotAllowed)]
    [InlineData("claude-haiku-4-5", 403, ErrorCodes.ModelNotAllowed)]
    public async Task A_key_opens_only_the_models_and_providers_that_it_lists(string model, int status, string? code)
    {
        var key = await Admin.CreateKeyAsync(new CreateKeyRequest("narrow", Models: ["gpt-4o-mini", "claude-haiku-4-5"], Providers: ["openai"]), Ct);
        using var response = await ChatAsync(ApiClient.Chat(model, "hi"), key.Key);
        Assert.Equal(status, (int)response.StatusCode);
        if (code is not null)
        {
            await AssertErrorAsync(response, status, code);
        }
    }

    [Fact]
    public async Task A_key_without_the_scope_opens_nothing()
    {
        var key = await Admin.CreateKeyAsync(new CreateKeyRequest("reader", Scopes: [KeyScopes.TelemetryRead]), Ct);
        using var chat = await ChatAsync(ApiClient.Chat("gpt-4o-mini", "hi"), key.Key);
        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/telemetry/requests") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key.Key) } };
        using var http = new HttpClient { BaseAddress = Stack.ApiOrigin };
        using var telemetry = await http.SendAsync(read, Ct);

        await AssertErrorAsync(chat, 403, ErrorCodes.Forbidden);
        Assert.Equal(200, (int)telemetry.StatusCode);
    }

    [Theory]
    [InlineData("fail=401", 401)]
    [InlineData("fail=403", 403)]
    [InlineData("fail=404", 404)]
    [InlineData("fail=422", 422)]
    [InlineData("fail=429,retry-after=2", 429)]
    [InlineData("fail=500", 500)]
    [InlineData("fail=503", 503)]
    [InlineData("fail=529", 529)]
    [InlineData("body=html", 502)]
    [InlineData("body=empty", 502)]
    [InlineData("body=truncated", 502)]
    [InlineData("body=garbage", 502)]
    [InlineData("die=before-headers", 502)]
    public async Task A_provider_that_fails_is_reported_with_its_status_and_recorded(string directive, int status)
    {
        foreach (var model in new[] { "gpt-4o-mini", "claude-haiku-4-5", "gemini-2.5-flash" })
        {
            foreach (var stream in new[] { false, true })
            {
                using var response = await ChatAsync(ApiClient.Chat(model, $"sandbox:{directive}", stream));
                var error = await AssertErrorAsync(response, status, code: null);
                Assert.DoesNotContain("<html", error, StringComparison.OrdinalIgnoreCase);
                var record = await RecordAsync(response.Headers.GetValues("x-request-id").Single());
                Assert.Equal(UsageStatuses.Error, record.Status);
                Assert.NotNull(record.ErrorCode);
                if (directive.Contains("retry-after", StringComparison.Ordinal))
                {
                    Assert.Equal(2, response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
                }
            }
        }
    }

    [Theory]
    [InlineData("gpt-4o-mini", "die=mid-stream")]
    [InlineData("claude-haiku-4-5", "die=mid-stream")]
    [InlineData("gemini-2.5-flash", "die=mid-stream")]
    [InlineData("gpt-4o-mini", "die=no-done")]
    [InlineData("claude-haiku-4-5", "die=no-done")]
    [InlineData("gemini-2.5-flash", "die=no-done")]
    public async Task A_stream_that_breaks_off_ends_with_one_error_event_and_is_billed_for_what_came(string model, string directive)
    {
        using var response = await ChatAsync(ApiClient.Chat(model, $"sandbox:chunks=20,{directive}", stream: true));
        var blocks = (await response.Content.ReadAsStringAsync(Ct)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var record = await RecordAsync(response.Headers.GetValues("x-request-id").Single());
        var call = await SandboxLog.CallAsync(Stack.SandboxOrigin, record.Id.ToString(), Ct);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Single(blocks, block => block.StartsWith("data: {\"error\":", StringComparison.Ordinal));
        Assert.StartsWith("data: {\"error\":", blocks[^1], StringComparison.Ordinal);
        Assert.Equal(UsageStatuses.Interrupted, record.Status);
        Assert.Equal(UsageQualities.Estimated, record.UsageQuality);
        Assert.True(record.Usage.OutputTokens >= call.GetProperty("tokensSent").GetInt64(), $"{record.Usage.OutputTokens} of {call.GetProperty("tokensSent")}");
        Assert.True(record.CostUsd > 0);
    }

    [Fact]
    public async Task An_error_inside_a_stream_is_passed_on_once_in_the_dialect()
    {
        foreach (var model in new[] { "gpt-4o-mini", "claude-haiku-4-5" })
        {
            using var response = await ChatAsync(ApiClient.Chat(model, "sandbox:chunks=6,gap=50ms,error=mid-stream", stream: true));
            var blocks = (await response.Content.ReadAsStringAsync(Ct)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Single(blocks, block => block.Contains("\"error\"", StringComparison.Ordinal));
            Assert.StartsWith("data: {\"error\":{\"message\":", blocks[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_the_upstream_call_and_is_recorded()
    {
        using var request = ApiClient.Gateway("/v1/chat/completions", ApiClient.Chat("gpt-4o-mini", "sandbox:chunks=2000,gap=20ms", stream: true), Key);
        var response = await Admin.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        var id = response.Headers.GetValues("x-request-id").Single();
        await using (var stream = await response.Content.ReadAsStreamAsync(Ct))
        {
            await stream.ReadExactlyAsync(new byte[2000], Ct);
        }

        response.Dispose();
        var record = await RecordAsync(id);
        Assert.Equal(UsageStatuses.ClientCancelled, record.Status);
        Assert.InRange(record.Usage.OutputTokens!.Value, 1, 1999);
        await Eventually.TrueAsync(
            async () => (await SandboxLog.CallAsync(Stack.SandboxOrigin, id, Ct)).GetProperty("outcome").GetString() == "cancelled",
            () => "The provider was never told.",
            Ct);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("POST", "/v1/responses/abc")]
    public async Task An_unknown_route_answers_in_the_dialect(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Key) } };
        using var response = await Admin.Http.SendAsync(request, Ct);
        await AssertErrorAsync(response, 404, ErrorCodes.NotFound);
    }

    private static async Task<string> AssertErrorAsync(HttpResponseMessage response, int status, string? code)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        if (code is not null)
        {
            Assert.Equal(code, error.GetProperty("code").GetString());
        }

        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        return body;
    }
}
