using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class ChatCompletionsTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Tools = """[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"time","parameters":{"type":"object","properties":{"zone":{"type":"string"}}}}}]""";

    [Fact]
    public async Task A_whole_answer_has_the_bytes_of_the_format()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"sandbox:chunks=3,cached=16,reasoning=4"}]}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/json", reply.ContentHeaders.ContentType?.ToString());
        Assert.Equal(
            """{"id":"chatcmpl-ELhKXbChirp0uBwA99scL8zhDO4rW","object":"chat.completion","created":0,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"method thunder thunder","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":33,"completion_tokens":7,"total_tokens":40,"prompt_tokens_details":{"cached_tokens":16,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_b4b4ef7c18"}""",
            reply.TimelessBody);
    }

    [Fact]
    public async Task A_stream_has_role_tokens_stop_reason_usage_and_marker_in_this_order()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"sandbox:chunks=2"}]}""");

        const string Head = """data: {"id":"chatcmpl-KQjbscaZAqrjB0EYMVlLKrgCz9Jqd","object":"chat.completion.chunk","created":0,"model":"gpt-4o-mini","service_tier":"default","system_fingerprint":"fp_7677f2d2ea","choices":[""";
        Assert.Equal("text/event-stream; charset=utf-8", reply.ContentHeaders.ContentType?.ToString());
        Assert.Equal(
            Head + """{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n"
            + Head + """{"index":0,"delta":{"content":"someone"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n"
            + Head + """{"index":0,"delta":{"content":" meadow"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n"
            + Head + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}""" + "\n\n"
            + Head + """],"usage":{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}""" + "\n\n"
            + "data: [DONE]\n\n",
            reply.TimelessBody);
    }

    [Fact]
    public async Task Without_include_usage_no_chunk_mentions_usage()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"sandbox:chunks=3"}]}""");

        Assert.DoesNotContain("usage", reply.Body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_writes_are_one_number()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-6-sol","messages":[{"role":"user","content":"sandbox:in=100,cache-write-5m=7,cache-write-1h=5"}]}""");

        var details = reply.Json.GetProperty("usage").GetProperty("prompt_tokens_details");
        Assert.Equal(100, reply.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(12, details.GetProperty("cache_write_tokens").GetInt32());
    }

    [Fact]
    public async Task Tool_arguments_are_cut_inside_escapes_and_join_to_valid_json()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, $$"""{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"sandbox:chunks=2,tools=3"}],"tools":{{Tools}}}""");

        var calls = new Dictionary<int, (string Id, string Name, List<string> Fragments)>();
        string? finish = null;
        foreach (var (_, data) in SandboxClient.Events(reply.Body).Where(e => e.Data != "[DONE]"))
        {
            var choice = JsonDocument.Parse(data).RootElement.GetProperty("choices")[0];
            finish = choice.GetProperty("finish_reason").GetString() ?? finish;
            if (!choice.GetProperty("delta").TryGetProperty("tool_calls", out var deltas))
            {
                continue;
            }

            var delta = Assert.Single(deltas.EnumerateArray());
            var index = delta.GetProperty("index").GetInt32();
            var function = delta.GetProperty("function");
            if (delta.TryGetProperty("id", out var id))
            {
                Assert.Equal("", function.GetProperty("arguments").GetString());
                calls.Add(index, (id.GetString()!, function.GetProperty("name").GetString()!, []));
            }
            else
            {
                calls[index].Fragments.Add(function.GetProperty("arguments").GetString()!);
            }
        }

        Assert.Equal("tool_calls", finish);
        Assert.Equal(["weather", "time", "weather"], calls.OrderBy(c => c.Key).Select(c => c.Value.Name));
        Assert.Equal(3, calls.Values.Select(c => c.Id).Distinct().Count());
        Assert.All(calls.Values, call =>
        {
            Assert.Contains(call.Fragments, f => f.EndsWith('\\'));
            var value = JsonDocument.Parse(string.Concat(call.Fragments)).RootElement.EnumerateObject().Single().Value.GetString();
            Assert.Contains("Zürich \"", value, StringComparison.Ordinal);
            Assert.EndsWith("\n\\ 🌊", value, StringComparison.Ordinal);
        });
        Assert.Equal(2, SandboxClient.TextOf("openai", reply.Body).Split(' ').Length);
    }

    [Fact]
    public async Task A_conversation_that_ends_with_a_tool_result_gets_text()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, $$$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"sandbox:tools=1"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"rain"}],"tools":{{{Tools}}}}""");

        var choice = reply.Json.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.False(choice.GetProperty("message").TryGetProperty("tool_calls", out _));
    }

    [Theory]
    [InlineData("\"required\"", "weather")]
    [InlineData("""{"type":"function","function":{"name":"time"}}""", "time")]
    public async Task A_forced_tool_is_called_without_any_directive(string choice, string expected)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, $$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"tools":{{Tools}},"tool_choice":{{choice}}}""");

        var call = Assert.Single(reply.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").EnumerateArray());
        Assert.Equal(expected, call.GetProperty("function").GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_output_limit_ends_the_answer_with_length()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","max_completion_tokens":4,"messages":[{"role":"user","content":"sandbox:chunks=10"}]}""");

        var choice = reply.Json.GetProperty("choices")[0];
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(4, choice.GetProperty("message").GetProperty("content").GetString()!.Split(' ').Length);
        Assert.Equal(4, reply.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_in_front_of_it()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","stop":["Aistrale"],"messages":[{"role":"user","content":"Hi"}]}""");

        var choice = reply.Json.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.EndsWith("as played by the ", choice.GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_choices_are_counted_and_streamed_each()
    {
        var whole = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","n":2,"messages":[{"role":"user","content":"sandbox:chunks=3"}]}""");
        var stream = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","n":2,"stream":true,"messages":[{"role":"user","content":"sandbox:chunks=3"}]}""");

        Assert.Equal(2, whole.Json.GetProperty("choices").GetArrayLength());
        Assert.Equal(6, whole.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        // Role, three tokens and the end, for each of both.
        Assert.Equal(5, SandboxClient.Events(stream.Body).Count(e => e.Data.Contains("\"choices\":[{\"index\":1,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_default_answer_names_the_model_and_repeats_the_question()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"What is\nthe time?"}]}""");

        var text = reply.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("gpt-4o-mini", text, StringComparison.Ordinal);
        Assert.Contains("\"What is the time?\"", text, StringComparison.Ordinal);
        Assert.InRange(text.Split(' ').Length, 20, 60);
        Assert.Equal(text.Split(' ').Length, reply.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("flex", "flex")]
    [InlineData("auto", "default")]
    public async Task The_served_tier_is_reported(string asked, string served)
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, $$"""{"model":"gpt-4o-mini","service_tier":"{{asked}}","messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(served, reply.Json.GetProperty("service_tier").GetString());
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","minLength":20},"b":{"type":"array","items":{"type":"integer","minimum":5},"minItems":2},"c":{"enum":["x","y"]},"d":{"type":"number","exclusiveMinimum":2}},"required":["a","b","c","d"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/text"},"b":{"type":"array","items":{"$ref":"#/$defs/number"},"minItems":2},"c":{"const":"x"},"d":{"anyOf":[{"type":"number"},{"type":"null"}]}},"required":["a","b","c","d"],"$defs":{"text":{"type":"string","maxLength":3},"number":{"type":"integer"}}}""")]
    public async Task A_json_schema_is_satisfied_whole_and_streamed(string schema)
    {
        var format = $$$"""{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{{{schema}}}}}""";
        var whole = await sandbox.Client.PostAsync(SandboxClient.Chat, $$"""{"model":"gpt-4o-mini","response_format":{{format}},"messages":[{"role":"user","content":"Hi"}]}""");
        var stream = await sandbox.Client.PostAsync(SandboxClient.Chat, $$"""{"model":"gpt-4o-mini","stream":true,"response_format":{{format}},"messages":[{"role":"user","content":"Hi"}]}""");

        foreach (var text in new[] { whole.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!, SandboxClient.TextOf("openai", stream.Body) })
        {
            var value = JsonDocument.Parse(text).RootElement;
            Assert.Equal(["a", "b", "c", "d"], value.EnumerateObject().Select(p => p.Name));
            Assert.Equal(JsonValueKind.String, value.GetProperty("a").ValueKind);
            Assert.Equal(2, value.GetProperty("b").GetArrayLength());
            Assert.True(value.GetProperty("b")[0].TryGetInt32(out _));
            Assert.Equal("x", value.GetProperty("c").GetString());
            Assert.Equal(JsonValueKind.Number, value.GetProperty("d").ValueKind);
        }

        if (schema.Contains("minLength", StringComparison.Ordinal))
        {
            var value = JsonDocument.Parse(whole.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!).RootElement;
            Assert.True(value.GetProperty("a").GetString()!.Length >= 20);
            Assert.True(value.GetProperty("b")[0].GetInt32() >= 5);
            Assert.True(value.GetProperty("d").GetDouble() > 2);
        }
    }
}
