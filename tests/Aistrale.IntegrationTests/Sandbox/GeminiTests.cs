using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class GeminiTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Tools = """[{"functionDeclarations":[{"name":"weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}},"required":["city"]}}]}]""";

    [Fact]
    public async Task A_whole_answer_has_the_bytes_of_the_format()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Generate, """{"contents":[{"role":"user","parts":[{"text":"sandbox:chunks=2,reasoning=2,cached=16"}]}]}""");

        Assert.Equal("application/json; charset=UTF-8", reply.ContentHeaders.ContentType?.ToString());
        Assert.Equal(
            """{"candidates":[{"content":{"parts":[{"text":"sings while","thought":true},{"text":"amber harbour"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":33,"candidatesTokenCount":2,"totalTokenCount":37,"cachedContentTokenCount":16,"promptTokensDetails":[{"modality":"TEXT","tokenCount":33}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":16}],"thoughtsTokenCount":2},"modelVersion":"gemini-2.5-flash","responseId":"dUt2LndHLvDwl10e2bFVsYz"}""",
            reply.Body);
    }

    [Fact]
    public async Task A_stream_is_framed_with_carriage_returns_and_counts_as_it_goes()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.StreamGenerate, """{"contents":[{"role":"user","parts":[{"text":"sandbox:chunks=2"}]}]}""");

        const string Tail = ",\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":11}]},\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"fz9OHvd4ykR8MopsW4zGkYK\"}";
        Assert.Equal("text/event-stream", reply.ContentHeaders.ContentType?.ToString());
        Assert.Equal(
            """data: {"candidates":[{"content":{"parts":[{"text":"lantern"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":1,"totalTokenCount":12""" + Tail + "\r\n\r\n"
            + """data: {"candidates":[{"content":{"parts":[{"text":" signal"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":2,"totalTokenCount":13""" + Tail + "\r\n\r\n"
            + """data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":2,"totalTokenCount":13""" + Tail + "\r\n\r\n",
            reply.Body);
    }

    [Fact]
    public async Task Without_alt_sse_a_stream_is_one_json_array()
    {
        var reply = await sandbox.Client.PostAsync("gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent", """{"contents":[{"role":"user","parts":[{"text":"sandbox:chunks=3"}]}]}""");

        Assert.Equal(4, reply.Json.GetArrayLength());
        Assert.Equal("STOP", reply.Json[3].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task Function_calls_come_whole_and_only_the_first_is_signed()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.StreamGenerate, $$"""{"contents":[{"role":"user","parts":[{"text":"sandbox:tools=2"}]}],"tools":{{Tools}}}""");

        var parts = SandboxClient.Events(reply.Body).Select(e => JsonDocument.Parse(e.Data).RootElement.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0]).ToList();
        Assert.Equal(3, parts.Count);
        Assert.Contains("Zürich", parts[0].GetProperty("functionCall").GetProperty("args").GetProperty("city").GetString(), StringComparison.Ordinal);
        Assert.True(parts[0].TryGetProperty("thoughtSignature", out _));
        Assert.False(parts[1].TryGetProperty("thoughtSignature", out _));
        Assert.Equal("", parts[2].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("gemini-3-pro-preview", true, 200)]
    [InlineData("gemini-3-pro-preview", false, 400)]
    [InlineData("gemini-2.5-flash", false, 200)]
    public async Task Gemini_3_wants_the_thought_signature_back(string model, bool keep, int status)
    {
        var path = $"gemini/v1beta/models/{model}:generateContent";
        var first = await sandbox.Client.PostAsync(path, $$"""{"contents":[{"role":"user","parts":[{"text":"sandbox:tools=1"}]}],"tools":{{Tools}}}""");
        var call = first.Json.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0];
        var part = keep ? call.GetRawText() : $$"""{"functionCall":{{call.GetProperty("functionCall").GetRawText()}}}""";

        var next = await sandbox.Client.PostAsync(path, $$$$"""{"contents":[{"role":"user","parts":[{"text":"sandbox:tools=1"}]},{"role":"model","parts":[{{{{part}}}}]},{"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"sky":"grey"}}}]}],"tools":{{{{Tools}}}}}""");

        Assert.Equal(status, next.Status);
        Assert.Equal(status == 400, next.Body.Contains("missing a thought_signature", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sandbox:chunks=9", 4, "MAX_TOKENS")]
    [InlineData("sandbox:finish=content_filter", 400, "SAFETY")]
    [InlineData("sandbox:finish=MALFORMED_FUNCTION_CALL", 400, "MALFORMED_FUNCTION_CALL")]
    public async Task Every_finish_reason_can_be_had(string text, int limit, string reason)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Generate, $$$"""{"contents":[{"parts":[{"text":"{{{text}}}"}]}],"generationConfig":{"maxOutputTokens":{{{limit}}}}}""");

        Assert.Equal(reason, reply.Json.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task A_blocked_prompt_has_no_candidates()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Generate, """{"contents":[{"parts":[{"text":"sandbox:finish=blocked"}]}]}""");

        Assert.Equal("PROHIBITED_CONTENT", reply.Json.GetProperty("promptFeedback").GetProperty("blockReason").GetString());
        Assert.False(reply.Json.TryGetProperty("candidates", out _));
        Assert.False(reply.Json.GetProperty("usageMetadata").TryGetProperty("candidatesTokenCount", out _));
    }

    [Fact]
    public async Task Counting_tokens_gives_what_the_answer_will_report()
    {
        const string Contents = "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello there, how are you?\"}]}]";
        var answer = await sandbox.Client.PostAsync(SandboxClient.Generate, "{" + Contents + "}");
        var count = await sandbox.Client.PostAsync("gemini/v1beta/models/gemini-2.5-flash:countTokens", "{" + Contents + "}");
        var nested = await sandbox.Client.PostAsync("gemini/v1beta/models/gemini-2.5-flash:countTokens", "{\"generateContentRequest\":{\"model\":\"models/gemini-2.5-flash\"," + Contents + "}}");

        var expected = answer.Json.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32();
        Assert.Equal(expected, count.Json.GetProperty("totalTokens").GetInt32());
        Assert.Equal(expected, nested.Json.GetProperty("totalTokens").GetInt32());
    }

    [Fact]
    public async Task Texts_are_embedded_alone_and_in_batches()
    {
        var one = await sandbox.Client.PostAsync("gemini/v1beta/models/gemini-embedding-001:embedContent", """{"content":{"parts":[{"text":"Hi"}]},"outputDimensionality":8}""");
        var batch = await sandbox.Client.PostAsync("gemini/v1beta/models/gemini-embedding-001:batchEmbedContents", """{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"Hi"}]},"outputDimensionality":8},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"Ho"}]},"outputDimensionality":8}]}""");

        Assert.Equal(8, one.Json.GetProperty("embedding").GetProperty("values").GetArrayLength());
        Assert.Equal(one.Json.GetProperty("embedding").GetRawText(), batch.Json.GetProperty("embeddings")[0].GetRawText());
        Assert.NotEqual(one.Json.GetProperty("embedding").GetRawText(), batch.Json.GetProperty("embeddings")[1].GetRawText());
    }

    [Fact]
    public async Task A_rate_limit_tells_the_delay_in_the_body_and_not_in_a_header()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("gemini", "sandbox:fail=429,retry-after=17"));

        Assert.Equal(429, reply.Status);
        Assert.Null(reply.Headers.RetryAfter);
        var details = reply.Json.GetProperty("error").GetProperty("details");
        Assert.Equal("type.googleapis.com/google.rpc.QuotaFailure", details[0].GetProperty("@type").GetString());
        Assert.Equal("17s", details[1].GetProperty("retryDelay").GetString());
    }

    [Fact]
    public async Task A_key_in_the_address_is_refused_and_not_recorded()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxClient.Generate + "?key=sandbox-visible") { Content = new StringContent("{}") };
        request.Headers.Add("x-client-request-id", "gemini-query-key");
        var reply = await sandbox.Client.SendAsync(request);
        var call = await sandbox.Client.CallAsync("gemini-query-key");

        Assert.Equal(400, reply.Status);
        Assert.Equal("API_KEY_INVALID", reply.Json.GetProperty("error").GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.DoesNotContain("visible", call.GetRawText(), StringComparison.Ordinal);
    }
}
