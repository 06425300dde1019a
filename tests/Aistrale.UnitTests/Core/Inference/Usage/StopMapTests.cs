using Aistrale.Core.Inference.Usage;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class StopMapTests
{
    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("STOP", FinishReason.Stop)]
    [InlineData("completed", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("incomplete:max_output_tokens", FinishReason.Length)]
    [InlineData("tool_calls", FinishReason.ToolCalls)]
    [InlineData("function_call", FinishReason.ToolCalls)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("incomplete:content_filter", FinishReason.ContentFilter)]
    [InlineData("refusal", FinishReason.ContentFilter)]
    [InlineData("SAFETY", FinishReason.ContentFilter)]
    [InlineData("PROHIBITED_CONTENT", FinishReason.ContentFilter)]
    [InlineData("BLOCKLIST", FinishReason.ContentFilter)]
    [InlineData("SPII", FinishReason.ContentFilter)]
    [InlineData("RECITATION", FinishReason.ContentFilter)]
    [InlineData("IMAGE_SAFETY", FinishReason.ContentFilter)]
    [InlineData("promptFeedback:SAFETY", FinishReason.ContentFilter)]
    [InlineData("promptFeedback:OTHER", FinishReason.ContentFilter)]
    [InlineData("MALFORMED_FUNCTION_CALL", FinishReason.Error)]
    [InlineData("OTHER", FinishReason.Error)]
    [InlineData("failed", FinishReason.Error)]
    [InlineData("pause_turn", FinishReason.Pause)]
    public void Every_native_word_has_its_place(string native, FinishReason expected) => Assert.Equal(expected, StopMap.ToCanonical(native));

    [Theory]
    [InlineData("STOP", FinishReason.ToolCalls)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("MALFORMED_FUNCTION_CALL", FinishReason.Error)]
    [InlineData("RECITATION", FinishReason.ContentFilter)]
    public void Tool_calls_change_the_meaning_of_stop_only(string native, FinishReason expected) =>
        Assert.Equal(expected, StopMap.ToCanonical(native, sawToolCalls: true));

    [Fact]
    public void An_unknown_word_is_not_guessed()
    {
        Assert.Null(StopMap.ToCanonical("brand_new_reason"));
        Assert.Null(StopMap.ToCanonical(null));
    }

    [Theory]
    [InlineData("chat", """{"choices":[{"index":0,"message":{},"finish_reason":"brand_new_reason"}]}""")]
    [InlineData("messages", """{"type":"message","content":[],"stop_reason":"brand_new_reason"}""")]
    [InlineData("gemini", """{"candidates":[{"finishReason":"brand_new_reason"}]}""")]
    public void An_unknown_word_still_ends_the_answer_and_is_kept(string dialect, string body)
    {
        var seen = Reading.Body(dialect, body);

        Assert.True(seen.SawTerminalEvent);
        Assert.Equal("brand_new_reason", seen.FinishReasonNative);
        Assert.Null(seen.FinishReason);
    }
}
