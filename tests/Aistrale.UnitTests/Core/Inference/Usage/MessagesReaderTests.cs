using Aistrale.Core.Inference.Usage;
using Aistrale.UnitTests.Core.Inference.Sse;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class MessagesReaderTests
{
    [Fact]
    public void Input_becomes_inclusive_and_both_cache_lifetimes_are_kept_apart()
    {
        var seen = Reading.Body("messages", """
            {"type":"message","stop_reason":"end_turn","content":[],"usage":{"input_tokens":4,"cache_read_input_tokens":16,"cache_creation_input_tokens":30,
             "cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":2,"server_tool_use":{"web_search_requests":3},"service_tier":"standard"}}
            """);

        Assert.Equal(50, seen.InputTokens);
        Assert.Equal((16, 10, 20), (seen.CachedInputTokens, seen.CacheWrite5mTokens, seen.CacheWrite1hTokens));
        Assert.Equal(3, seen.WebSearches);
    }

    [Fact]
    public void Without_the_split_a_cache_write_is_the_five_minute_kind()
    {
        var seen = Reading.Body("messages", """{"type":"message","content":[],"usage":{"input_tokens":4,"cache_creation_input_tokens":30,"output_tokens":2}}""");

        Assert.Equal((34, 30, 0), (seen.InputTokens, seen.CacheWrite5mTokens, seen.CacheWrite1hTokens));
    }

    [Fact]
    public void A_split_smaller_than_its_total_leaves_the_rest_to_five_minutes()
    {
        var seen = Reading.Body("messages", """
            {"type":"message","content":[],"usage":{"input_tokens":1,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_1h_input_tokens":20},"output_tokens":2}}
            """);

        Assert.Equal((31, 10, 20), (seen.InputTokens, seen.CacheWrite5mTokens, seen.CacheWrite1hTokens));
    }

    [Fact]
    public void Cumulative_usage_replaces_and_zeros_at_the_end_do_not_erase()
    {
        var seen = Reading.Stream("messages", """
            event: message_start
            data: {"type":"message_start","message":{"id":"m1","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"pause_turn"},"usage":{"input_tokens":40,"cache_read_input_tokens":0,"output_tokens":7}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"pause_turn"},"usage":{"output_tokens":8}}

            event: message_stop
            data: {"type":"message_stop"}


            """);

        Assert.Equal((45, 5, 8), (seen.InputTokens, seen.CachedInputTokens, seen.OutputTokens));
        Assert.Equal(FinishReason.Pause, seen.FinishReason);
    }

    [Fact]
    public void The_stop_reason_alone_does_not_end_a_stream()
    {
        var seen = Reading.Stream("messages", WireFixtures.MessagesStream[..WireFixtures.MessagesStream.LastIndexOf("event: message_stop", StringComparison.Ordinal)]);

        Assert.Equal("tool_use", seen.FinishReasonNative);
        Assert.False(seen.SawTerminalEvent);
    }

    [Fact]
    public void An_error_after_200_is_known_with_its_status()
    {
        var seen = Reading.Stream("messages", """
            event: message_start
            data: {"type":"message_start","message":{"id":"m1","usage":{"input_tokens":10,"output_tokens":1}}}

            event: error
            data: {"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}


            """);

        Assert.Equal((529, "overloaded_error", "Overloaded"), (seen.InBandError!.Status, seen.InBandError.Type, seen.InBandError.Message));
        Assert.Equal(10, seen.InputTokens);
        Assert.False(seen.SawTerminalEvent);
    }

    [Fact]
    public void Thinking_text_and_tool_input_count_as_output_and_signatures_do_not()
    {
        // "Hm", "Hi", "f", {"a":1}
        Assert.Equal(2 + 2 + 1 + 7, Reading.Stream("messages", WireFixtures.MessagesStream).OutputCharsSeen);
    }

    [Fact]
    public void A_token_count_is_read_from_its_whole_answer() =>
        Assert.Equal(14, Reading.Body("messages", """{"input_tokens":14}""").InputTokens);
}
