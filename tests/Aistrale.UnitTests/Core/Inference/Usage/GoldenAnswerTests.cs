using Aistrale.Core.Inference.Usage;
using Aistrale.UnitTests.Core.Inference.Sse;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

/// <summary>One call as four dialects tell it, whole and streamed, must read the same.</summary>
public sealed class GoldenAnswerTests
{
    public static TheoryData<string, string, bool> Answers { get; } = new()
    {
        { "chat", WireFixtures.ChatStream, true },
        { "chat", WireFixtures.ChatBody, false },
        { "responses", WireFixtures.ResponsesStream, true },
        { "responses", WireFixtures.ResponsesBody, false },
        { "messages", WireFixtures.MessagesStream, true },
        { "messages", WireFixtures.MessagesBody, false },
        { "gemini", WireFixtures.GeminiStream, true },
        { "gemini", WireFixtures.GeminiBody, false },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void All_dialects_tell_the_same_usage(string dialect, string answer, bool isStream)
    {
        var seen = isStream ? Reading.Stream(dialect, answer) : Reading.Body(dialect, answer);

        Assert.Equal(20, seen.InputTokens);
        Assert.Equal(16, seen.CachedInputTokens);
        Assert.Equal(9, seen.OutputTokens);
        Assert.Equal(4, seen.ReasoningTokens);
        Assert.Equal(FinishReason.ToolCalls, seen.FinishReason);
        Assert.True(seen.SawTerminalEvent);
        Assert.Null(seen.InBandError);
        Assert.Equal(0, seen.MalformedEvents);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void All_dialects_tell_who_answered_and_at_which_tier(string dialect, string answer, bool isStream)
    {
        var seen = isStream ? Reading.Stream(dialect, answer) : Reading.Body(dialect, answer);

        Assert.Equal("m", seen.ModelReported);
        Assert.Equal("flex", seen.ServiceTier);
        Assert.Equal(dialect switch { "chat" => "c1", "responses" => "resp_1", "messages" => "msg_1", _ => "r1" }, seen.UpstreamResponseId);
        Assert.True(seen.FirstContentSeen);
        Assert.InRange(seen.OutputCharsSeen, 3, 40);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_stream_cut_anywhere_before_its_end_is_not_taken_for_complete(string dialect, string answer, bool isStream)
    {
        if (!isStream)
        {
            Assert.True(Reading.Body(dialect, answer).SawTerminalEvent);
            return;
        }

        var end = dialect switch
        {
            "chat" => answer.IndexOf("\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal),
            "responses" => answer.LastIndexOf("\"status\":\"completed\"", StringComparison.Ordinal),
            "messages" => answer.LastIndexOf("message_stop", StringComparison.Ordinal) - "event: message_stop\ndata: {\"type\":\"".Length,
            _ => answer.IndexOf("\"finishReason\"", StringComparison.Ordinal),
        };
        for (var length = 0; length < end; length += 7)
        {
            Assert.False(Reading.Stream(dialect, answer[..length], chunkBytes: 4096).SawTerminalEvent);
        }
    }
}
