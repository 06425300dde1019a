using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class MessagesTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Tools = """[{"name":"weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]""";

    [Fact]
    public async Task A_whole_answer_has_the_bytes_of_the_format()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Messages, """{"model":"claude-haiku-4-5","max_tokens":100,"messages":[{"role":"user","content":"sandbox:chunks=2,reasoning=2,cached=16,cache-write-5m=3,cache-write-1h=5"}]}""");

        Assert.Equal(
            """{"model":"claude-haiku-4-5","id":"msg_01n9TyfoqIfEvI5TqfoxuffY","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"window river","signature":"Lg2hHYqOTRsrc5Q6kgGk6cnht/sAAbyRAL5PB/Dn2v4="},{"type":"text","text":"amber marble"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":8,"cache_read_input_tokens":16,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":5},"output_tokens":4,"output_tokens_details":{"thinking_tokens":2},"service_tier":"standard"}}""",
            reply.Body);
    }

    [Fact]
    public async Task A_stream_has_the_exact_events_of_the_format()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Messages, """{"model":"claude-haiku-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"sandbox:chunks=2,reasoning=1,cached=16,tools=1"}],"tools":[{"name":"f","input_schema":{"type":"object","properties":{"n":{"type":"integer"}}}}]}""");

        string[] expected =
        [
            """event: message_start|data: {"type":"message_start","message":{"model":"claude-haiku-4-5","id":"ID","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":40,"cache_creation_input_tokens":0,"cache_read_input_tokens":16,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,"service_tier":"standard"}}}""",
            """event: content_block_start|data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """event: ping|data: {"type":"ping"}""",
            """event: content_block_delta|data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"WORD"}}""",
            """event: content_block_delta|data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"SIG"}}""",
            """event: content_block_stop|data: {"type":"content_block_stop","index":0}""",
            """event: content_block_start|data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
            """event: content_block_delta|data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"WORD"}}""",
            """event: content_block_delta|data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"WORD"}}""",
            """event: content_block_stop|data: {"type":"content_block_stop","index":1}""",
            """event: content_block_start|data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"ID","name":"f","input":{}}}""",
            """event: content_block_delta|data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"n\":1}"}}""",
            """event: content_block_stop|data: {"type":"content_block_stop","index":2}""",
            """event: message_delta|data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":40,"cache_creation_input_tokens":0,"cache_read_input_tokens":16,"output_tokens":4,"output_tokens_details":{"thinking_tokens":1}}}""",
            """event: message_stop|data: {"type":"message_stop"}""",
        ];
        var actual = reply.Body;
        foreach (var (pattern, name) in new[] { ("\"id\":\"(msg|toolu)_01\\w{22}\"", "\"id\":\"ID\""), ("\"signature\":\"[^\"]+\"", "\"signature\":\"SIG\""), ("\"(text|thinking)\":\" ?\\w+\"}", "\"$1\":\"WORD\"}") })
        {
            actual = System.Text.RegularExpressions.Regex.Replace(actual, pattern, name);
        }

        Assert.Equal(string.Concat(expected.Select(e => e.Replace('|', '\n') + "\n\n")), actual);
    }

    [Fact]
    public async Task Counting_tokens_gives_what_the_message_will_report()
    {
        const string Common = "\"system\":\"Be brief.\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hëllo, how are you?\"}]}],\"tools\":" + Tools;
        var count = await sandbox.Client.PostAsync("anthropic/v1/messages/count_tokens", "{\"model\":\"claude-haiku-4-5\"," + Common + "}");
        var message = await sandbox.Client.PostAsync(SandboxClient.Messages, "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":100," + Common + "}");

        Assert.Equal(message.Json.GetProperty("usage").GetProperty("input_tokens").GetInt32(), count.Json.GetProperty("input_tokens").GetInt32());
        Assert.True(count.Json.GetProperty("input_tokens").GetInt32() > 10);
    }

    [Fact]
    public async Task Thinking_must_come_back_with_its_signature()
    {
        var first = await sandbox.Client.PostAsync(SandboxClient.Messages, $$"""{"model":"claude-haiku-4-5","max_tokens":200,"messages":[{"role":"user","content":"sandbox:reasoning=5,tools=2"}],"tools":{{Tools}}}""");
        var content = first.Json.GetProperty("content");
        var results = string.Join(',', content.EnumerateArray().Skip(1).Select(b => $$"""{"type":"tool_result","tool_use_id":"{{b.GetProperty("id").GetString()}}","content":"rain"}"""));
        var next = $$"""{"model":"claude-haiku-4-5","max_tokens":200,"messages":[{"role":"user","content":"sandbox:tools=2"},{"role":"assistant","content":{{content.GetRawText()}}},{"role":"user","content":[{{results}}]}],"tools":{{Tools}}}""";
        var signature = content[0].GetProperty("signature").GetString()!;

        var kept = await sandbox.Client.PostAsync(SandboxClient.Messages, next);
        var lost = await sandbox.Client.PostAsync(SandboxClient.Messages, next.Replace(signature, "", StringComparison.Ordinal));

        Assert.Equal(["thinking", "tool_use", "tool_use"], content.EnumerateArray().Select(b => b.GetProperty("type").GetString()));
        Assert.Equal("end_turn", kept.Json.GetProperty("stop_reason").GetString());
        Assert.Equal(400, lost.Status);
        Assert.Equal("messages.1.content.0: Invalid `signature` in `thinking` block", lost.Json.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("sandbox:chunks=9", "\"max_tokens\":4", "max_tokens", null)]
    [InlineData("Hi", "\"max_tokens\":400,\"stop_sequences\":[\"sandbox\"]", "stop_sequence", "sandbox")]
    [InlineData("sandbox:finish=content_filter", "\"max_tokens\":400", "refusal", null)]
    [InlineData("sandbox:finish=pause_turn", "\"max_tokens\":400", "pause_turn", null)]
    public async Task Every_stop_reason_can_be_had(string text, string limits, string reason, string? sequence)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Messages, $$"""{"model":"claude-haiku-4-5",{{limits}},"messages":[{"role":"user","content":"{{text}}"}]}""");

        Assert.Equal(reason, reply.Json.GetProperty("stop_reason").GetString());
        Assert.Equal(sequence, reply.Json.GetProperty("stop_sequence").GetString());
    }

    [Theory]
    [InlineData("""{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}]}""", "max_tokens: Field required")]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}""", "model: Field required")]
    [InlineData("""{"model":"claude-haiku-4-5","max_tokens":1}""", "messages: Field required")]
    [InlineData("""{"model":"claude-haiku-4-5","max_tokens":1,"messages":[{"role":"system","content":"Hi"}]}""", "messages.0.role: Input should be 'user' or 'assistant'")]
    [InlineData("""{"model":"claude-haiku-4-5","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""", "messages.0.content.0: text content blocks must be non-empty")]
    public async Task A_request_that_the_service_would_refuse_is_refused(string json, string message)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Messages, json);

        Assert.Equal(400, reply.Status);
        Assert.Equal("invalid_request_error", reply.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(message, reply.Json.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_version_header_is_compulsory()
    {
        using var request = SandboxClient.Ask("anthropic", "Hi");
        request.Headers.Remove("anthropic-version");
        var reply = await sandbox.Client.SendAsync(request);

        Assert.Equal(400, reply.Status);
        Assert.Contains("anthropic-version", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_limits_carry_their_reset_as_a_point_in_time()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("anthropic", "Hi"));

        Assert.Equal("4000", reply.Header("anthropic-ratelimit-requests-limit"));
        Assert.True(DateTimeOffset.TryParseExact(reply.Header("anthropic-ratelimit-output-tokens-reset"), "yyyy-MM-dd'T'HH:mm:ss'Z'", null, default, out _));
        Assert.StartsWith("req_", reply.Header("request-id"), StringComparison.Ordinal);
        Assert.Null(reply.Header("x-request-id"));
    }

    [Fact]
    public async Task Json_answers_follow_the_schema()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Messages, """{"model":"claude-haiku-4-5","max_tokens":400,"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"],"additionalProperties":false}}},"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal("""{"ok":true}""", reply.Json.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Object, reply.Json.ValueKind);
    }
}
