using System.Text;
using Aistrale.Core.Inference.Usage;
using Aistrale.UnitTests.Core.Inference.Sse;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class HostileJsonTests
{
    private static readonly string[] Dialects = ["chat", "responses", "messages", "gemini", "embeddings"];

    private static readonly string[] Names =
    [
        "id", "model", "choices", "delta", "message", "content", "tool_calls", "function", "arguments", "finish_reason", "index", "usage", "prompt_tokens",
        "completion_tokens", "total_tokens", "prompt_tokens_details", "cached_tokens", "x_groq", "error", "code", "type", "param", "details", "retryDelay",
        "response", "output", "item", "status", "incomplete_details", "reason", "input_tokens", "output_tokens", "cache_creation", "cache_read_input_tokens",
        "ephemeral_1h_input_tokens", "content_block", "stop_reason", "candidates", "parts", "functionCall", "finishReason", "usageMetadata", "promptTokenCount",
        "thoughtsTokenCount", "candidatesTokensDetails", "modality", "tokenCount", "promptFeedback", "blockReason", "groundingMetadata", "webSearchQueries", "data",
    ];

    [Fact]
    public void Any_json_of_known_names_is_survived_with_counts_in_range()
    {
        Json(depth: 5).Sample(json =>
        {
            foreach (var dialect in Dialects)
            {
                CheckCounts(Reading.Body(dialect, json));
                CheckCounts(Reading.Stream(dialect, $"event: error\ndata: {json}\n\ndata: {json}\n\n", chunkBytes: 4096));
            }

            ProviderErrorReader.Read(400, default, Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch);
        }, iter: 10_000);
    }

    [Fact]
    public void A_true_answer_damaged_anywhere_is_survived()
    {
        string[] answers = [WireFixtures.ChatBody, WireFixtures.ResponsesBody, WireFixtures.MessagesBody, WireFixtures.GeminiBody];
        Gen.Int[0, 3].Select(Gen.Int[0, 2000], Gen.Byte, Gen.Int[0, 30]).Sample((which, at, value, cut) =>
        {
            var bytes = Encoding.UTF8.GetBytes(answers[which]);
            at %= bytes.Length;
            bytes[at] = value;
            var damaged = bytes[..^cut];
            foreach (var dialect in Dialects)
            {
                var seen = new UpstreamObservation();
                Reading.Reader(dialect, seen).OnBody(damaged);
                CheckCounts(seen);
            }
        }, iter: 10_000);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    [InlineData("gemini")]
    [InlineData("embeddings")]
    public void Endless_nesting_is_cut_off_and_counted(string dialect)
    {
        Assert.Equal(1, Reading.Body(dialect, string.Concat(Enumerable.Repeat("""{"x":""", 100_000))).MalformedEvents);
        Assert.Equal(1, Reading.Body(dialect, """{"error":""" + new string('[', 100_000)).MalformedEvents);
    }

    [Fact]
    public void Nesting_beyond_the_usual_64_levels_is_no_reason_to_lose_usage()
    {
        var args = string.Concat(Enumerable.Repeat("""{"a":""", 150)) + "1" + new string('}', 150);
        var seen = Reading.Body("gemini", $$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{{{args}}}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":6}}""");

        Assert.Equal((5, 6), (seen.InputTokens, seen.OutputTokens));
    }

    [Theory]
    [InlineData("-5", 0L)]
    [InlineData("7.0", 7L)]
    [InlineData("1e2", 100L)]
    [InlineData("99999999999999999999", 1_000_000_000_000L)]
    [InlineData("\"5\"", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    [InlineData("{\"a\":[1]}", null)]
    [InlineData("[5]", null)]
    public void Numbers_are_clamped_and_other_kinds_ignored(string value, long? expected)
    {
        Assert.Equal(expected, Reading.Body("chat", $$$"""{"usage":{"prompt_tokens":{{{value}}},"completion_tokens":3}}""").InputTokens);
        Assert.Equal(expected, Reading.Body("messages", $$$"""{"usage":{"input_tokens":{{{value}}},"output_tokens":3}}""").InputTokens);
        Assert.Equal(expected, Reading.Body("gemini", $$$"""{"usageMetadata":{"promptTokenCount":{{{value}}},"candidatesTokenCount":3}}""").InputTokens);
        Assert.Equal(3, Reading.Body("chat", $$$"""{"usage":{"prompt_tokens":{{{value}}},"completion_tokens":3}}""").OutputTokens);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_the_text_does_not_hide_the_usage()
    {
        var seen = Reading.Body("chat", """{"id":"\ud83d","model":"m","choices":[{"message":{"content":"\ud83d"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""");

        Assert.Equal((3, 2, "m"), (seen.InputTokens, seen.OutputTokens, seen.ModelReported));
        Assert.Null(seen.UpstreamResponseId);
        Assert.Equal(0, seen.MalformedEvents);
    }

    [Fact]
    public void A_broken_event_does_not_hide_the_next_one()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","choi

            data: {"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}

            data: [DONE]


            """);

        Assert.Equal(1, seen.MalformedEvents);
        Assert.Equal((3, 2), (seen.InputTokens, seen.OutputTokens));
    }

    private static Gen<string> Json(int depth)
    {
        var leaf = Splitting.OneOf("null", "true", "false", "0", "-1", "17", "1e400", "123456789012345678901234567890", "\"\"", "\"text\"", "\"17s\"", "\"stop\"", "\"\\ud800\"", "\"error\"", "\"response.completed\"", "\"completed\"", "[]", "{}");
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Json(depth - 1);
        var list = inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]");
        var map = Splitting.OneOf(Names).Select(inner).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(m => $"\"{m.Item1}\":{m.Item2}"))}}}");
        return Gen.Int[0, 9].SelectMany(kind => kind < 6 ? map : kind < 8 ? list : leaf);
    }

    private static void CheckCounts(UpstreamObservation seen)
    {
        long?[] counts =
        [
            seen.InputTokens, seen.CachedInputTokens, seen.CacheWrite5mTokens, seen.CacheWrite1hTokens, seen.AudioInputTokens, seen.ImageInputTokens,
            seen.OutputTokens, seen.ReasoningTokens, seen.AudioOutputTokens, seen.ImageOutputTokens, seen.WebSearches, seen.FileSearches,
        ];
        Assert.All(counts, count => Assert.InRange(count ?? 0, 0, 10 * WireJson.MaxCount));
        Assert.True((seen.InputTokens ?? long.MaxValue) >= (seen.CachedInputTokens ?? 0));
        Assert.True((seen.OutputTokens ?? long.MaxValue) >= (seen.ReasoningTokens ?? 0));
    }
}
