using System.ClientModel;
using System.Net.Sockets;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Upstream;
using Aistrale.Core.Inference.Usage;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

public sealed class UpstreamFailureTests : IDisposable
{
    private const string Content = "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    private readonly SettlementRig _rig = new();
    private readonly CancellationTokenSource _caller = new();

    public void Dispose()
    {
        _caller.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public void Failures_of_the_wire_are_the_providers_and_everything_else_is_ours()
    {
        Exception[] theirs =
        [
            new OperationCanceledException(), new TaskCanceledException(), new HttpRequestException(), new HttpIOException(HttpRequestError.ResponseEnded), new IOException(), new SocketException(),
            new JsonException(), new ClientResultException("refused"), new ProviderHttpException(400, default, default), new UpstreamProtocolException(UpstreamFault.Truncated), new SseEventTooLargeException(1),
        ];
        Exception[] ours = [new InvalidOperationException(), new ArgumentException("x"), new UnauthorizedAccessException(), new ObjectDisposedException("x")];

        Assert.All(theirs, exception => Assert.True(UpstreamFailure.IsUpstream(exception), exception.GetType().Name));
        Assert.All(ours, exception => Assert.False(UpstreamFailure.IsUpstream(exception), exception.GetType().Name));
    }

    [Fact]
    public void A_caller_who_is_gone_explains_everything()
    {
        var upstream = Upstream(429);
        upstream.Refusal = Refusal(429);
        _caller.Cancel();

        Assert.Same(CallEnd.ClientCancelled, UpstreamFailure.Explain(upstream));
    }

    [Fact]
    public void Silence_beyond_the_limit_is_a_504_even_if_the_caller_leaves_nothing_out()
    {
        var upstream = Upstream(status: null);
        _rig.Clock.Advance(TimeSpan.FromSeconds(601));

        AssertError(UpstreamFailure.Explain(upstream), 504, ErrorCodes.ProviderTimeout, "OpenAI did not answer in time.");
    }

    [Fact]
    public void A_credential_that_cannot_be_opened_says_what_to_do()
    {
        var upstream = Upstream(status: null);
        upstream.CredentialUnreadable = true;

        AssertError(UpstreamFailure.Explain(upstream), 400, ErrorCodes.NoProviderToken, "The OpenAI token 'main' cannot be used at its present base URL. Enter its secret again in the console.");
    }

    [Fact]
    public void A_refusal_keeps_all_that_the_provider_said()
    {
        var upstream = Upstream(429);
        upstream.Refusal = new UpstreamError(429, "requests", "rate_limit_exceeded", "model", "Slow down.", 7.2, IsParsed: true);

        var error = UpstreamFailure.Explain(upstream).Error!;

        Assert.Equal(new InferenceError(429, "rate_limit_exceeded", "Slow down.", "requests", "model", TimeSpan.FromSeconds(7.2)), error);
    }

    [Theory]
    [InlineData("some_code", "some_type", "some_code")]
    [InlineData(null, "some_type", "some_type")]
    [InlineData(null, null, ErrorCodes.ProviderError)]
    public void The_code_of_a_refusal_is_the_providers_or_else_its_type(string? code, string? type, string expected)
    {
        var upstream = Upstream(400);
        upstream.Refusal = new UpstreamError(400, type, code, null, null, null, IsParsed: true);

        AssertError(UpstreamFailure.Explain(upstream), 400, expected, "OpenAI refused the call with status 400.");
    }

    [Theory]
    [InlineData(-5.0, 0)]
    [InlineData(1e9, 86_400)]
    public void A_wait_without_measure_is_bounded(double seconds, int expected)
    {
        var upstream = Upstream(429);
        upstream.Refusal = Refusal(429) with { RetryAfterSeconds = seconds };

        Assert.Equal(TimeSpan.FromSeconds(expected), UpstreamFailure.Explain(upstream).Error!.RetryAfter);
    }

    [Fact]
    public void A_refusal_that_cannot_be_read_is_a_502_that_keeps_its_wait()
    {
        var upstream = Upstream(503);
        upstream.Refusal = new UpstreamError(503, null, null, null, null, 9, IsParsed: false);
        var end = UpstreamFailure.Explain(upstream);

        AssertError(end, 502, ErrorCodes.ProviderError, "OpenAI answered with status 503 and nothing that can be read.");
        Assert.Equal(TimeSpan.FromSeconds(9), end.Error!.RetryAfter);
    }

    // Passed on, a 302 would send the caller's SDK, with its Aistrale key, to a place that we do not name.
    [Theory]
    [InlineData(302)]
    [InlineData(304)]
    [InlineData(199)]
    public void A_status_that_is_no_error_becomes_a_502(int status)
    {
        var upstream = Upstream(status);
        upstream.Refusal = Refusal(status);

        Assert.Equal(502, UpstreamFailure.Explain(upstream).Error!.Status);
    }

    [Fact]
    public void Without_any_answer_the_provider_could_not_be_reached_and_with_one_it_could_not_be_read()
    {
        AssertError(UpstreamFailure.Explain(Upstream(status: null)), 502, ErrorCodes.ProviderError, "OpenAI could not be reached.");
        AssertError(UpstreamFailure.Explain(Upstream(200)), 502, ErrorCodes.ProviderError, "OpenAI's answer could not be read.");
    }

    [Fact]
    public void What_breaks_off_after_the_first_content_was_interrupted()
    {
        var upstream = Upstream(200);
        SettlementRig.Feed(upstream, Content);
        var end = UpstreamFailure.Explain(upstream);

        Assert.Equal((UsageStatuses.Interrupted, ErrorCodes.StreamInterrupted, 502), (end.Status, end.Error!.Code, end.Error.Status));
        Assert.Equal("OpenAI broke off before the answer was complete.", end.Error.Message);
    }

    [Fact]
    public void A_clean_close_without_the_dialects_end_is_an_interruption_once_content_came_and_an_error_otherwise()
    {
        var begun = Upstream(200);
        SettlementRig.Feed(begun, Content);
        var silent = Upstream(200);
        var said = Upstream(200);
        SettlementRig.Feed(said, "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n");

        Assert.Equal((UsageStatuses.Interrupted, ErrorCodes.StreamInterrupted), (UpstreamFailure.Truncated(begun).Status, UpstreamFailure.Truncated(begun).Error!.Code));
        Assert.Equal((UsageStatuses.Error, ErrorCodes.ProviderError), (UpstreamFailure.Truncated(silent).Status, UpstreamFailure.Truncated(silent).Error!.Code));
        Assert.Equal((UsageStatuses.Error, 529), (UpstreamFailure.Truncated(said).Status, UpstreamFailure.Truncated(said).Error!.Status));
    }

    [Fact]
    public void Comments_and_pings_do_not_keep_a_silent_stream_alive_and_events_do()
    {
        var upstream = Upstream(200);
        SettlementRig.Feed(upstream, Content);
        _rig.Clock.Advance(TimeSpan.FromSeconds(100));
        SettlementRig.Feed(upstream, Content);
        _rig.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.False(upstream.Token.IsCancellationRequested);

        SettlementRig.Feed(upstream, ": keep-alive\n\nevent: ping\ndata: {}\n\n");
        _rig.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.True(upstream.Token.IsCancellationRequested);
        Assert.True(upstream.TimedOut);
    }

    private static UpstreamError Refusal(int status) => new(status, "t", "c", null, "No.", null, IsParsed: true);

    private static void AssertError(CallEnd end, int status, string code, string message) =>
        Assert.Equal((UsageStatuses.Error, status, code, message), (end.Status, end.Error!.Status, end.Error.Code, end.Error.Message));

    private UpstreamCall Upstream(int? status) =>
        _rig.OpenFor(Calls.Create(Calls.Chat("openai/gpt-4o-mini", stream: true), _rig.Clock), Calls.Target("openai", "gpt-4o-mini"), status, _caller.Token).Upstream;
}
