using System.Text;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class ErrorTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string OpenAI429 = """{"error":{"message":"Too many requests; slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";

    [Theory]
    [InlineData("openai", 401, """{"error":{"message":"The key was refused.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""")]
    [InlineData("openai", 429, OpenAI429)]
    [InlineData("openai", 503, """{"error":{"message":"The provider is over capacity.","type":"server_error","param":null,"code":null}}""")]
    [InlineData("responses", 429, OpenAI429)]
    [InlineData("groq", 429, """{"error":{"message":"Too many requests; slow down.","type":"tokens","code":"rate_limit_exceeded"}}""")]
    [InlineData("groq", 498, """{"error":{"message":"No flex capacity is free at the moment.","type":"flex_capacity","code":"capacity_exceeded"}}""")]
    [InlineData("huggingface", 503, """{"error":"The provider is over capacity."}""")]
    [InlineData("custom", 429, """{"error":{"message":"Too many requests; slow down.","type":"TooManyRequestsError","param":null,"code":429}}""")]
    [InlineData("anthropic", 402, """{"type":"error","error":{"type":"billing_error","message":"The account has no credit left."},"request_id":"ID"}""")]
    [InlineData("anthropic", 413, """{"type":"error","error":{"type":"request_too_large","message":"The request is too large."},"request_id":"ID"}""")]
    [InlineData("anthropic", 504, """{"type":"error","error":{"type":"timeout_error","message":"The provider took too long."},"request_id":"ID"}""")]
    [InlineData("anthropic", 529, """{"type":"error","error":{"type":"overloaded_error","message":"The provider is overloaded."},"request_id":"ID"}""")]
    [InlineData("gemini", 400, """{"error":{"code":400,"message":"The request could not be understood.","status":"INVALID_ARGUMENT"}}""")]
    [InlineData("gemini", 503, """{"error":{"code":503,"message":"The provider is over capacity.","status":"UNAVAILABLE"}}""")]
    public async Task An_error_has_the_providers_own_bytes(string wire, int status, string body)
    {
        foreach (var stream in new[] { false, true })
        {
            var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, $"sandbox:fail={status}", stream));

            Assert.Equal(status, reply.Status);
            var id = reply.Header("request-id");
            Assert.Equal(body, id is null ? reply.Body : reply.Body.Replace(id, "ID", StringComparison.Ordinal));
        }
    }

    public static TheoryData<string, int> EveryStatus()
    {
        var data = new TheoryData<string, int>();
        foreach (var wire in SandboxClient.Wires)
        {
            foreach (var status in (int[])[400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 498, 500, 502, 503, 504, 529])
            {
                data.Add(wire, status);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task Every_status_is_answered_as_json_with_a_message(string wire, int status)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, $"sandbox:fail={status}"));

        Assert.Equal(status, reply.Status);
        var error = reply.Json.GetProperty("error");
        var message = error.ValueKind == System.Text.Json.JsonValueKind.String ? error : error.GetProperty("message");
        Assert.NotEqual("", message.GetString());
    }

    [Theory]
    [InlineData("openai", "insufficient_quota", "\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"")]
    [InlineData("anthropic", "enforced_spend_limit_reached", "\"type\":\"enforced_spend_limit_reached\"")]
    [InlineData("gemini", "FAILED_PRECONDITION", "\"status\":\"FAILED_PRECONDITION\"")]
    public async Task A_code_can_be_chosen(string wire, string code, string expected)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, $"sandbox:fail=429,code={code}"));

        Assert.Contains(expected, reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("huggingface")]
    public async Task Retry_after_is_sent_when_directed_and_only_then(string wire)
    {
        var with = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:fail=429,retry-after=7"));
        var without = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:fail=429"));

        Assert.Equal("7", with.Header("retry-after"));
        Assert.Null(without.Header("retry-after"));
    }

    [Theory]
    [InlineData("openai", 404, "model_not_found")]
    [InlineData("responses", 400, "model_not_found")]
    [InlineData("groq", 404, "model_not_found")]
    [InlineData("huggingface", 400, "model_not_found")]
    [InlineData("custom", 404, "NotFoundError")]
    [InlineData("anthropic", 404, "not_found_error")]
    [InlineData("gemini", 404, "NOT_FOUND")]
    public async Task An_unknown_model_is_refused_in_shape(string wire, int status, string word)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Hi", model: "some-unknown-model"));

        Assert.Equal(status, reply.Status);
        Assert.Contains($"\"{word}\"", reply.Body, StringComparison.Ordinal);
        Assert.Contains("some-unknown-model", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai/v1/nothing", "\"type\":\"invalid_request_error\"")]
    [InlineData("openai/v1/chat/completions/nothing", "\"type\":\"invalid_request_error\"")]
    [InlineData("groq/v1/chat/completions", "\"code\":\"unknown_url\"")]
    [InlineData("huggingface/v1/embeddings", "\"type\":\"invalid_request_error\"")]
    [InlineData("custom/v2/chat/completions", "\"type\":\"NotFoundError\"")]
    [InlineData("anthropic/v1/complete", "\"type\":\"not_found_error\"")]
    [InlineData("gemini/v1beta/models/gemini-2.5-flash:nothing", "\"status\":\"NOT_FOUND\"")]
    [InlineData("gemini/v2/models", "\"status\":\"NOT_FOUND\"")]
    public async Task An_unknown_route_is_the_providers_404(string path, string shape)
    {
        var reply = await sandbox.Client.PostAsync(path, "{}");

        Assert.Equal(404, reply.Status);
        Assert.Contains(shape, reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxClient.Chat)]
    [InlineData(SandboxClient.Responses)]
    [InlineData(SandboxClient.Messages)]
    [InlineData(SandboxClient.Generate)]
    [InlineData("openai/v1/embeddings")]
    public async Task Bodies_that_are_not_an_object_are_refused_with_400(string path)
    {
        foreach (var json in new[] { "{\"model\":", "", "[]", "null", "\"text\"", "{\"a\":1}x" })
        {
            var reply = await sandbox.Client.PostAsync(path, json);

            Assert.Equal(400, reply.Status);
            Assert.NotEqual("", reply.Json.GetProperty("error").GetProperty("message").GetString());
        }
    }

    [Theory]
    [InlineData("""{"model":5,"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("""{"model":"m","messages":{}}""")]
    [InlineData("""{"model":"m","messages":[]}""")]
    [InlineData("""{"model":"m","messages":["Hi"]}""")]
    [InlineData("""{"model":"m","messages":[{"content":"Hi"}]}""")]
    [InlineData("""{"model":"m","n":99,"messages":[{"role":"user","content":"Hi"}]}""")]
    public async Task Members_of_a_wrong_type_are_400_and_never_500(string json)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, json);

        Assert.Equal(400, reply.Status);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":5}],"tools":"x","tool_choice":5,"response_format":5,"stream_options":5,"stop":5,"max_tokens":"9"}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[5,{"type":"text"},{"type":"image_url","image_url":{"url":"data:"}}]}],"tools":[5,{"function":5}],"response_format":{"type":"json_schema","json_schema":{"schema":{"type":5,"properties":5}}}}""")]
    public async Task Odd_optional_members_are_treated_as_absent(string json)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, json);

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"a\\udc00b\"")]
    public async Task Text_that_is_not_unicode_is_400_and_never_500(string text)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":{{text}}}]}""");
        using var escaped = SandboxClient.Request(SandboxClient.Chat, "{}");
        escaped.Content = new ByteArrayContent(bytes);
        using var raw = SandboxClient.Request(SandboxClient.Chat, "{}");
        raw.Content = new ByteArrayContent([.. "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xFF, 0xC0, .. "\"}]}"u8]);

        Assert.Equal(400, (await sandbox.Client.SendAsync(escaped)).Status);
        Assert.Equal(400, (await sandbox.Client.SendAsync(raw)).Status);
    }

    [Fact]
    public async Task A_model_suffix_that_cannot_be_a_header_is_400()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("huggingface", "Hi", model: "a/b:bad name\\n"));

        Assert.Equal(400, reply.Status);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413_in_shape()
    {
        using var request = SandboxClient.Request(SandboxClient.Messages, "{}");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(new string(' ', (64 * 1024 * 1024) + 1)));
        request.Headers.ExpectContinue = true;
        var reply = await sandbox.Client.SendAsync(request);

        Assert.Equal(413, reply.Status);
        Assert.Equal("request_too_large", reply.Json.GetProperty("error").GetProperty("type").GetString());
    }
}
