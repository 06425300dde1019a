using Aistrale.Core.Inference.Usage;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class GeminiReaderTests
{
    [Fact]
    public void Thoughts_add_to_output_and_tool_use_adds_to_input()
    {
        var seen = Reading.Body("gemini", """
            {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}],
             "usageMetadata":{"promptTokenCount":20,"toolUsePromptTokenCount":7,"candidatesTokenCount":5,"thoughtsTokenCount":4,"totalTokenCount":36}}
            """);

        Assert.Equal((27, 9, 4), (seen.InputTokens, seen.OutputTokens, seen.ReasoningTokens));
        Assert.Equal(FinishReason.Stop, seen.FinishReason);
    }

    [Fact]
    public void Modalities_are_told_apart()
    {
        var seen = Reading.Body("gemini", """
            {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":30,
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":20},{"modality":"AUDIO","tokenCount":22},{"modality":"IMAGE","tokenCount":8}],
             "candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":30}]}}
            """);

        Assert.Equal((22, 8, 30, null), (seen.AudioInputTokens, seen.ImageInputTokens, seen.AudioOutputTokens, seen.ImageOutputTokens));
    }

    [Fact]
    public void Candidates_may_be_absent_when_only_thoughts_were_written()
    {
        var seen = Reading.Body("gemini", """
            {"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":21,"thoughtsTokenCount":60,"totalTokenCount":81}}
            """);

        Assert.Equal((21, 60, FinishReason.Length), (seen.InputTokens, seen.OutputTokens, seen.FinishReason));
    }

    [Fact]
    public void Output_not_stated_yet_is_null_until_the_end()
    {
        var cut = Reading.Stream("gemini", "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}],\"usageMetadata\":{\"promptTokenCount\":20,\"totalTokenCount\":20}}\r\n\r\n");

        Assert.Null(cut.OutputTokens);
        Assert.Equal(20, cut.InputTokens);
        Assert.False(cut.SawTerminalEvent);
    }

    [Fact]
    public void A_blocked_prompt_is_an_end_with_no_output()
    {
        var seen = Reading.Body("gemini", """{"promptFeedback":{"blockReason":"OTHER"},"usageMetadata":{"promptTokenCount":20,"totalTokenCount":20},"modelVersion":"m"}""");

        Assert.True(seen.SawTerminalEvent);
        Assert.Equal((FinishReason.ContentFilter, "promptFeedback:OTHER"), (seen.FinishReason, seen.FinishReasonNative));
        Assert.Equal(0, seen.OutputTokens);
    }

    [Fact]
    public void An_unspecified_finish_reason_is_no_end() =>
        Assert.False(Reading.Body("gemini", """{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}""").SawTerminalEvent);

    [Fact]
    public void A_tool_call_in_an_earlier_event_still_makes_the_end_a_tool_call()
    {
        var seen = Reading.Stream("gemini", "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]}}]}\r\n\r\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}\r\n\r\n");

        Assert.Equal(FinishReason.ToolCalls, seen.FinishReason);
    }

    [Fact]
    public void A_stream_without_sse_framing_is_an_array_of_messages()
    {
        var seen = Reading.Body("gemini", """
            [{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}],"usageMetadata":{"promptTokenCount":2}},
             {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3}}]
            """);

        Assert.Equal((2, 3, FinishReason.Stop), (seen.InputTokens, seen.OutputTokens, seen.FinishReason));
    }

    [Fact]
    public void An_error_in_the_stream_carries_code_status_and_delay()
    {
        var seen = Reading.Stream("gemini", "data: {\"error\":{\"code\":429,\"message\":\"Quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"17s\"}]}}\r\n\r\n");

        Assert.Equal((429, "RESOURCE_EXHAUSTED", 17.0), (seen.InBandError!.Status, seen.InBandError.Code, seen.InBandError.RetryAfterSeconds));
    }

    [Fact]
    public void Search_queries_are_counted()
    {
        var seen = Reading.Body("gemini", """{"candidates":[{"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b"]}}]}""");

        Assert.Equal(2, seen.WebSearches);
    }
}
