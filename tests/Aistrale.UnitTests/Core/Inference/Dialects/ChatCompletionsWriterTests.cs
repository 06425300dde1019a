using System.Buffers;
using System.Text;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects.ChatCompletions;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.Extensions.AI;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class ChatCompletionsWriterTests
{
    private const string Head = "\"id\":\"chatcmpl-019a0000000070008000000000000001\",\"object\":\"chat.completion.chunk\",\"created\":1795428000,\"model\":\"claude-haiku-4-5\"";

    private static readonly UsageQuantities Usage = new() { InputTokens = 20, CachedInputTokens = 16, OutputTokens = 9, ReasoningTokens = 4 };

    [Fact]
    public void A_stream_is_written_byte_for_byte_as_OpenAI_writes_it()
    {
        var written = WriteStream(wantsUsage: false, "Grüß \"dich\" 👋\n", "</script>");

        Assert.Equal(
            $$"""
            data: {{{Head}},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}

            data: {{{Head}},"choices":[{"index":0,"delta":{"reasoning_content":"Hm"},"logprobs":null,"finish_reason":null}]}

            data: {{{Head}},"choices":[{"index":0,"delta":{"content":"Grüß \"dich\" 👋\n"},"logprobs":null,"finish_reason":null}]}

            data: {{{Head}},"choices":[{"index":0,"delta":{"content":"</script>"},"logprobs":null,"finish_reason":null}]}

            data: {{{Head}},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}

            data: [DONE]


            """,
            written.Replace("\\uD83D\\uDC4B", "👋", StringComparison.Ordinal));
    }

    [Fact]
    public void A_caller_who_asked_for_usage_gets_null_on_every_chunk_and_one_chunk_of_its_own()
    {
        var chunks = Chunks(WriteStream(wantsUsage: true, "Hi"));

        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.All(chunks[..^1], chunk => Assert.Equal(1, chunk.GetProperty("choices").GetArrayLength()));
        Assert.Equal(
            "{" + Head + ""","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}""",
            chunks[^1].GetRawText());
    }

    [Fact]
    public void A_caller_who_did_not_ask_sees_no_word_of_usage() =>
        Assert.DoesNotContain("usage", WriteStream(wantsUsage: false, "Hi"), StringComparison.Ordinal);

    [Fact]
    public void Updates_without_text_write_nothing()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ChatCompletionsWriter(wantsUsage: false, isStream: true);

        writer.WriteUpdate(output, new ChatResponseUpdate(ChatRole.Assistant, [new TextContent(""), new TextReasoningContent(null) { ProtectedData = "c2ln" }, new UsageContent(new UsageDetails())]));

        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("length", "content_filter", "length")]
    [InlineData(null, "content_filter", "content_filter")]
    [InlineData(null, null, "stop")]
    public void The_stop_reason_on_the_wire_counts_more_than_the_one_of_an_SDK(string? onTheWire, string? fromSdk, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = Begin(output, wantsUsage: false);
        writer.WriteUpdate(output, new ChatResponseUpdate { FinishReason = fromSdk is null ? null : new ChatFinishReason(fromSdk) });
        writer.EndStream(output, Settled(Usage, onTheWire));

        Assert.Equal(expected, Chunks(Text(output))[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public void A_whole_answer_is_written_byte_for_byte_as_OpenAI_writes_it()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm"), new TextContent("Hi "), new TextContent("\"you\"")]));

        Assert.Equal(
            """{"id":"chatcmpl-019a0000000070008000000000000001","object":"chat.completion","created":1795428000,"model":"claude-haiku-4-5","choices":[{"index":0,"message":{"role":"assistant","content":"Hi \"you\"","reasoning_content":"Hm","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}""",
            Whole(response, Usage));
    }

    [Fact]
    public void Counts_that_nobody_told_are_zero_because_SDKs_demand_numbers_and_cache_writes_are_told_where_there_are_any()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hi"));

        Assert.EndsWith(
            "\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0,\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}}}",
            Whole(response, new UsageQuantities()),
            StringComparison.Ordinal);
        Assert.Contains(
            "{\"cached_tokens\":0,\"cache_write_tokens\":7}",
            Whole(response, new UsageQuantities { InputTokens = 9, OutputTokens = 1, CacheWrite5mTokens = 3, CacheWrite1hTokens = 4 }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, null, "invalid_request_error")]
    [InlineData(401, null, "authentication_error")]
    [InlineData(403, null, "permission_error")]
    [InlineData(404, null, "invalid_request_error")]
    [InlineData(429, null, "rate_limit_error")]
    [InlineData(500, null, "server_error")]
    [InlineData(529, null, "server_error")]
    [InlineData(529, "overloaded_error", "overloaded_error")]
    public void An_error_has_OpenAIs_shape_and_the_providers_type_if_it_gave_one(int status, string? type, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        new ChatCompletionsWriter(false, false).WriteError(output, new InferenceError(status, "some_code", "It \"broke\".", type, Param: null));

        Assert.Equal($$$"""{"error":{"message":"It \"broke\".","type":"{{{expected}}}","param":null,"code":"some_code"}}""", Text(output));
    }

    [Fact]
    public void An_error_in_a_stream_is_one_event()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = Begin(output, wantsUsage: true);
        var begun = output.WrittenCount;
        writer.WriteStreamError(output, new InferenceError(502, ErrorCodes.StreamInterrupted, "Line\none.", Param: "model"));

        Assert.Equal("data: {\"error\":{\"message\":\"Line\\none.\",\"type\":\"server_error\",\"param\":\"model\",\"code\":\"stream_interrupted\"}}\n\n", Encoding.UTF8.GetString(output.WrittenSpan[begun..]));
    }

    [Fact]
    public void Only_a_stream_that_did_not_ask_for_usage_is_filtered()
    {
        Assert.NotNull(new ChatCompletionsWriter(wantsUsage: false, isStream: true).StreamFilter);
        Assert.Null(new ChatCompletionsWriter(wantsUsage: true, isStream: true).StreamFilter);
        Assert.Null(new ChatCompletionsWriter(wantsUsage: false, isStream: false).StreamFilter);
    }

    [Fact]
    public void A_chunk_of_text_costs_no_memory()
    {
        var output = new ArrayBufferWriter<byte>(1024 * 1024);
        var writer = Begin(output, wantsUsage: false);
        var update = new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Hi")]);
        WriteOften(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteOften(1_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);

        void WriteOften(int times)
        {
            for (var i = 0; i < times; i++)
            {
                output.ResetWrittenCount();
                writer.WriteUpdate(output, update);
            }
        }
    }

    private static string WriteStream(bool wantsUsage, params string[] texts)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = Begin(output, wantsUsage);
        writer.WriteUpdate(output, new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm")]));
        foreach (var text in texts)
        {
            writer.WriteUpdate(output, new ChatResponseUpdate(ChatRole.Assistant, [new TextContent(text)]));
        }

        writer.EndStream(output, Settled(Usage, "stop"));
        return Text(output);
    }

    private static ChatCompletionsWriter Begin(ArrayBufferWriter<byte> output, bool wantsUsage)
    {
        var writer = new ChatCompletionsWriter(wantsUsage, isStream: true);
        writer.BeginStream(output, Calls.Create(Calls.Chat("claude-haiku-4-5", stream: true), TimeProvider.System), Calls.Target("anthropic", "claude-haiku-4-5"));
        return writer;
    }

    private static string Whole(ChatResponse response, UsageQuantities usage)
    {
        var output = new ArrayBufferWriter<byte>();
        new ChatCompletionsWriter(wantsUsage: false, isStream: false).WriteWhole(output, response, Settled(usage, "stop"));
        return Text(output);
    }

    private static SettledCall Settled(UsageQuantities usage, string? finishReason) => new(
        new UsageEvent
        {
            Id = Calls.Id,
            StartedAt = Calls.Now,
            Source = "gateway",
            Dialect = "chat_completions",
            RequestedModel = "claude-haiku-4-5",
            Model = "claude-haiku-4-5",
            Status = UsageStatuses.Ok,
            UsageQuality = UsageQualities.Exact,
            PriceRows = "[]",
            Attempts = "[]",
            FinishReason = finishReason,
        },
        usage,
        []);

    private static List<JsonElement> Chunks(string stream)
    {
        var events = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return [.. events.Where(text => text != "data: [DONE]").Select(text => JsonElement.Parse(text["data: ".Length..]))];
    }

    private static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
