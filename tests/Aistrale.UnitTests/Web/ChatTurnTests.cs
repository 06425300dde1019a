using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Components.Pages.Playground;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class ChatTurnTests
{
    private static readonly InferenceRunResponse Run = new(
        Guid.Parse("01930000-0000-7000-8000-000000000001"), null, "openai", "gpt-4o-mini", "Hello there", [], "stop",
        new TokenUsageResponse(3, 0, 0, 2, 0), 0.000001m, 400, 100, [], "4bf9");

    [Fact]
    public void The_final_text_wins_over_the_pieces()
    {
        var turn = new ChatTurn(ChatTurn.Assistant);
        turn.Begin();
        turn.Accept(new InferenceEvent.Text("Hello "));
        turn.Accept(new InferenceEvent.Completed(Run));
        turn.End(stopped: false);

        Assert.Equal("Hello there", turn.Text);
        Assert.Equal(Run.Id, turn.RequestId);
        Assert.False(turn.IsRunning);
    }

    [Fact]
    public void Every_step_is_a_new_version_so_that_it_is_drawn()
    {
        var turn = new ChatTurn(ChatTurn.Assistant);
        var versions = new List<int> { turn.Version };
        turn.Begin();
        versions.Add(turn.Version);
        turn.Accept(new InferenceEvent.Text("a"));
        versions.Add(turn.Version);
        turn.End(stopped: true);
        versions.Add(turn.Version);

        Assert.Equal(versions.Distinct().Count(), versions.Count);
        Assert.True(turn.WasStopped);
    }

    [Fact]
    public void A_conversation_survives_being_written_and_read()
    {
        var question = new ChatTurn(ChatTurn.User, "Hello?");
        var answer = new ChatTurn(ChatTurn.Assistant);
        answer.Accept(new InferenceEvent.Reasoning("hm"));
        answer.Accept(new InferenceEvent.Completed(Run));
        var failed = new ChatTurn(ChatTurn.Assistant, "half");
        failed.Accept(new InferenceEvent.Failed("provider_error", "It failed.", "4bf9"));

        var read = SavedThread.Read(SavedThread.Write([question, answer, failed]));

        Assert.Equal(["Hello?", "Hello there", "half"], read.Select(turn => turn.Text));
        Assert.Equal("hm", read[1].Reasoning);
        Assert.Equal(0.000001m, read[1].Run!.CostUsd);
        Assert.Equal("provider_error", read[2].Failure!.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"turns\":null}")]
    public void A_stored_conversation_that_cannot_be_read_is_none(string? json) => Assert.Empty(SavedThread.Read(json));

    [Fact]
    public void A_conversation_too_long_for_the_browser_is_not_kept() =>
        Assert.Null(SavedThread.Write([new ChatTurn(ChatTurn.User, new string('x', 1_100_000))]));
}
