using Aistrale.Core.Inference.Usage;
using Aistrale.UnitTests.Core.Inference.Sse;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class ResponsesReaderTests
{
    [Fact]
    public void Deltas_count_once_although_the_end_repeats_them()
    {
        var seen = Reading.Stream("responses", WireFixtures.ResponsesStream);

        Assert.Equal(2 + 7, seen.OutputCharsSeen);
        Assert.Equal(2, seen.OutputDeltasSeen);
    }

    [Fact]
    public void The_type_in_the_data_is_enough_without_an_event_line()
    {
        var seen = Reading.Stream("responses", string.Join('\n', WireFixtures.ResponsesStream.Split('\n').Where(line => !line.StartsWith("event:", StringComparison.Ordinal))));

        Assert.Equal((20, 9, FinishReason.ToolCalls), (seen.InputTokens, seen.OutputTokens, seen.FinishReason));
        Assert.Equal(9, seen.OutputCharsSeen);
    }

    [Theory]
    [InlineData("max_output_tokens", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    public void An_incomplete_response_says_why(string reason, FinishReason expected)
    {
        var seen = Reading.Stream("responses", $$$$"""
            event: response.incomplete
            data: {"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"{{{{reason}}}}"},"usage":{"input_tokens":5,"output_tokens":7}}}


            """);

        Assert.Equal((expected, $"incomplete:{reason}"), (seen.FinishReason, seen.FinishReasonNative));
        Assert.True(seen.SawTerminalEvent);
        Assert.Equal(7, seen.OutputTokens);
    }

    [Fact]
    public void A_failed_response_is_an_in_band_error()
    {
        var seen = Reading.Stream("responses", """
            event: response.failed
            data: {"type":"response.failed","sequence_number":3,"response":{"id":"r","status":"failed","error":{"code":"server_error","message":"The model failed."},"usage":null}}


            """);

        Assert.Equal((500, "server_error", "The model failed."), (seen.InBandError!.Status, seen.InBandError.Code, seen.InBandError.Message));
        Assert.Equal(FinishReason.Error, seen.FinishReason);
        Assert.True(seen.SawTerminalEvent);
    }

    [Theory]
    [InlineData("""{"type":"error","sequence_number":1,"code":"rate_limit_exceeded","message":"Slow down.","param":null}""")]
    [InlineData("""{"type":"error","error":{"type":"requests","code":"rate_limit_exceeded","message":"Slow down."}}""")]
    public void An_error_event_is_read_flat_and_nested(string data)
    {
        var seen = Reading.Stream("responses", $"event: error\ndata: {data}\n\n");

        Assert.Equal((429, "rate_limit_exceeded", "Slow down."), (seen.InBandError!.Status, seen.InBandError.Code, seen.InBandError.Message));
        Assert.False(seen.SawTerminalEvent);
    }

    [Fact]
    public void A_background_response_is_not_at_its_end()
    {
        var seen = Reading.Body("responses", """{"id":"r","status":"queued","model":"m","output":[],"usage":null,"error":null}""");

        Assert.False(seen.SawTerminalEvent);
        Assert.Equal("r", seen.UpstreamResponseId);
    }

    [Fact]
    public void Searches_are_counted_once_and_page_visits_not_at_all()
    {
        string[] items =
        [
            """{"type":"web_search_call","id":"a","status":"completed","action":{"type":"search","query":"q"}}""",
            """{"type":"web_search_call","id":"b","action":{"type":"open_page","url":"u"}}""",
            """{"type":"file_search_call","id":"c"}""",
        ];
        var done = string.Concat(items.Select(item => $"event: response.output_item.done\ndata: {{\"type\":\"response.output_item.done\",\"item\":{item}}}\n\n"));
        var seen = Reading.Stream("responses", done + $$$$"""
            event: response.completed
            data: {"type":"response.completed","response":{"id":"r","status":"completed","output":[{{{{string.Join(',', items)}}}}],"usage":{"input_tokens":1,"output_tokens":1}}}


            """);

        Assert.Equal((1, 1), (seen.WebSearches, seen.FileSearches));
        Assert.Equal(0, seen.MalformedEvents);
        Assert.Equal(FinishReason.Stop, seen.FinishReason);
    }

    [Fact]
    public void Audio_chunks_do_not_count_as_characters()
    {
        var seen = Reading.Stream("responses", """
            event: response.audio.delta
            data: {"type":"response.audio.delta","delta":"AAAAAAAA"}

            event: response.audio.transcript.delta
            data: {"type":"response.audio.transcript.delta","delta":"Hey"}


            """);

        Assert.Equal(3, seen.OutputCharsSeen);
    }
}
