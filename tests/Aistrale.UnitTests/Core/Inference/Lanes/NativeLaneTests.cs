using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Settlement;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

public sealed class NativeLaneTests : IAsyncLifetime
{
    private const string Body = """{"id":"c1","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":16}}}""";
    private const string First = "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}],\"usage\":null}\n\n";
    private const string Last = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":16}}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    private Engine _engine = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await Engine.StartAsync(Ct);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_whole_answer_comes_back_byte_for_byte_with_its_cost_in_a_header()
    {
        _engine.Provider.Reply(" \n" + Body + "\n", headers: [("x-ratelimit-remaining-requests", "99"), ("x-secret-of-the-provider", "1"), ("Set-Cookie", "a=b")]);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);

        Assert.Equal(" \n" + Body + "\n", answer.Text);
        Assert.Equal((200, "application/json", answer.Bytes.Length), (answer.Status, answer.ContentType, answer.ContentLength));
        Assert.Equal(("openai", "gpt-4o-mini", "1", "0.0000072", "99"), (
            answer.Headers["x-aistrale-provider"], answer.Headers["x-aistrale-model"], answer.Headers["x-aistrale-attempts"], answer.Headers["x-aistrale-cost-usd"], answer.Headers["x-ratelimit-remaining-requests"]));
        Assert.DoesNotContain("x-secret-of-the-provider", answer.Headers.Keys);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact, 0.0000072m, "c1"), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd, _engine.Record.UpstreamResponseId));
    }

    [Fact]
    public async Task The_request_goes_out_as_it_came_but_for_the_models_name_and_the_credential()
    {
        _engine.Provider.Reply(Body);
        const string Sent = """{ "messages":[{"role":"user","content":"Gr\u00fc\u00df"}], "model" : "openai/gpt-4o-mini","unknown":[1,2] }""";

        await _engine.RunAsync(Calls.Chat(Sent), Ct, [new("x-title", "test"), new("user-agent", "sdk/1.0"), new("openai-organization", "org")]);

        Assert.Equal(Sent.Replace("openai/gpt-4o-mini", "gpt-4o-mini", StringComparison.Ordinal), _engine.Provider.LastBodyText);
        var headers = _engine.Provider.LastHeaders;
        Assert.Equal("/chat/completions", _engine.Provider.LastPath);
        Assert.Equal($"Bearer {Engine.Secret}", headers["authorization"]);
        Assert.Equal(Calls.Id.ToString(), headers["x-client-request-id"]);
        Assert.Equal(("application/json", "test", "sdk/1.0", "org"), (headers["content-type"], headers["x-title"], headers["user-agent"], headers["openai-organization"]));
        Assert.DoesNotContain("traceparent", headers.Keys);
    }

    [Fact]
    public async Task A_stream_with_usage_comes_back_byte_for_byte()
    {
        var stream = ": hello\n\n" + First + ": keep-alive\n\n" + Last + Usage + Done;
        _engine.Provider.Stream(stream[..50], stream[50..120], stream[120..]);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), Ct);

        // What comes before the first event is held back, because until then a failure is a plain error.
        Assert.Equal(stream[": hello\n\n".Length..], answer.Text);
        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.ContentType));
        Assert.DoesNotContain("x-aistrale-cost-usd", answer.Headers.Keys);
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact, 0.0000072m, "stop"), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd, _engine.Record.FinishReason));
        Assert.Equal([SpoolRecordKind.Started, SpoolRecordKind.Progress, SpoolRecordKind.Finished], _engine.Rig.Records.Select(record => record.Kind));
    }

    [Fact]
    public async Task A_caller_who_did_not_ask_for_usage_sees_none_and_is_billed_by_it()
    {
        _engine.Provider.Stream(First + Last + Usage + Done);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true, usage: false), Ct);

        Assert.Equal((First + Last).Replace(",\"usage\":null", "", StringComparison.Ordinal) + Done, answer.Text);
        Assert.True(JsonElement.Parse(_engine.Provider.LastBodyText).GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal((UsageQualities.Exact, 20, 9), (_engine.Record.UsageQuality, _engine.Record.InputTokens, _engine.Record.OutputTokens));
    }

    [Fact]
    public async Task The_record_is_safe_before_the_caller_sees_the_end()
    {
        var mayEnd = new TaskCompletionSource();
        _engine.Provider.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(First + Last + Usage + Done, Ct);
            await context.Response.Body.FlushAsync(Ct);
            await mayEnd.Task;
        };
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), answer, Ct);
        await answer.ReceivesAsync(Done, Ct);

        Assert.Equal(UsageStatuses.Ok, _engine.Record.Status);
        mayEnd.SetResult();
        await running;
        Assert.Equal(UsageStatuses.Ok, _engine.Record.Status);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task A_refusal_keeps_its_status_type_code_parameter_and_retry_after(int status)
    {
        _engine.Provider.Reply("""{"error":{"message":"No: sk-proj-abcdefgh, sorry.","type":"some_type","param":"some_param","code":"some_code"},"raw":"bytes"}""", status, headers: [("retry-after", "7")]);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: status % 2 == 0), Ct);

        Assert.Equal((status, "application/json", "7"), (answer.Status, answer.ContentType, answer.Headers["retry-after"]));
        Assert.Equal("""{"error":{"message":"No: [redacted], sorry.","type":"some_type","param":"some_param","code":"some_code"}}""", answer.Text);
        Assert.Equal((UsageStatuses.Error, UsageQualities.None, 0m, "some_code", status), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd, _engine.Record.ErrorCode, _engine.Record.UpstreamStatus));
        Assert.Equal(1, _engine.Provider.Calls);
    }

    [Fact]
    public async Task A_refusal_that_quotes_the_credential_passes_without_it()
    {
        await using var engine = await Engine.StartAsync(Ct, secret: "plain words as a key");
        engine.Provider.Reply("""{"error":{"message":"No such key: plain words as a key!","type":"t"}}""", 401);

        var answer = await engine.RunAsync(Calls.Chat("custom/llama3", stream: false), Ct);

        Assert.Contains("No such key: ***!", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("plain words", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "<html><body>nginx secret</body></html>", "text/html")]
    [InlineData(503, "", "text/plain")]
    [InlineData(400, "{\"fine\":true}", "application/json")]
    [InlineData(302, "<html>elsewhere</html>", "text/html")]
    [InlineData(302, "{\"error\":{\"message\":\"Go elsewhere.\",\"code\":\"moved\"}}", "application/json")]
    [InlineData(304, "", "application/json")]
    public async Task A_refusal_that_cannot_be_read_or_is_none_becomes_a_502(int status, string body, string contentType)
    {
        _engine.Provider.Answer = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            context.Response.Headers.Location = "http://elsewhere.test/";
            if (status != 304)
            {
                await context.Response.WriteAsync(body, Ct);
            }
        };

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), Ct);

        AssertError(answer, 502, ErrorCodes.ProviderError);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        Assert.Equal((UsageStatuses.Error, UsageQualities.None, 0m, status), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd, _engine.Record.UpstreamStatus));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"id\":\"c1\"")]
    [InlineData("{\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}")]
    public async Task A_200_that_holds_no_answer_is_an_error(string body)
    {
        _engine.Provider.Reply(body);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);

        Assert.InRange(answer.Status, 500, 599);
        Assert.True(JsonElement.Parse(answer.Text).TryGetProperty("error", out _));
        Assert.Equal(UsageStatuses.Error, _engine.Record.Status);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_said_to_be_unreachable()
    {
        await _engine.Provider.DisposeAsync();

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), Ct);

        AssertError(answer, 502, ErrorCodes.ProviderError, "OpenAI could not be reached.");
        Assert.Equal((UsageStatuses.Error, UsageQualities.None, null, 0m), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.UpstreamStatus, _engine.Record.CostUsd));
    }

    [Fact]
    public async Task A_secret_stored_for_another_destination_never_leaves()
    {
        _engine.MoveTokensWithoutTheirSecrets();

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);

        AssertError(answer, 400, ErrorCodes.NoProviderToken);
        Assert.Equal(0, _engine.Provider.Calls);
        Assert.DoesNotContain(Engine.Secret, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_ends_early_closes_with_one_error_and_costs_what_was_sent(bool dies)
    {
        var received = new TaskCompletionSource();
        _engine.Provider.StreamAndEnd(First + First, received.Task, dies);
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), answer, Ct);
        await answer.ReceivesAsync(First + First, Ct);
        received.SetResult();
        await running;

        Assert.StartsWith(First + First, answer.Text, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.StreamInterrupted, LastError(answer).GetProperty("code").GetString());
        Assert.Equal((UsageStatuses.Interrupted, UsageQualities.Estimated), (_engine.Record.Status, _engine.Record.UsageQuality));
        Assert.Equal(2, _engine.Record.OutputTokens);
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_word_is_a_plain_error()
    {
        _engine.Provider.Stream(": hello\n\n");

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), Ct);

        AssertError(answer, 502, ErrorCodes.ProviderError);
    }

    [Fact]
    public async Task An_error_inside_a_stream_takes_the_place_of_the_rest()
    {
        const string Error = "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"code\":\"busy\"}}\n\n";
        _engine.Provider.Stream(First + Error + First + Done);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), Ct);

        Assert.Equal(First + "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"param\":null,\"code\":\"busy\"}}\n\n", answer.Text);
        Assert.Equal((UsageStatuses.Error, UsageQualities.Estimated, "busy"), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.ErrorCode));
    }

    [Fact]
    public async Task An_error_as_the_first_event_is_a_plain_error_with_its_status()
    {
        _engine.Provider.Stream(": hello\n\ndata: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n");

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), Ct);

        AssertError(answer, 529, "overloaded_error");
        Assert.Equal((UsageQualities.None, 0m), (_engine.Record.UsageQuality, _engine.Record.CostUsd));
    }

    [Theory]
    [InlineData("")]
    [InlineData(First)]
    public async Task A_caller_who_leaves_takes_the_upstream_call_along(string sentBefore)
    {
        var upstreamEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var upstreamBegan = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Provider.Answer = async context =>
        {
            context.RequestAborted.Register(upstreamEnded.SetResult);
            if (sentBefore.Length > 0)
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync(sentBefore, CancellationToken.None);
                await context.Response.Body.FlushAsync(CancellationToken.None);
            }

            upstreamBegan.SetResult();
            await upstreamEnded.Task;
        };
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), answer, caller.Token);
        await upstreamBegan.Task.WaitAsync(Ct);
        await answer.ReceivesAsync(sentBefore, Ct);
        await caller.CancelAsync();
        await running;

        await upstreamEnded.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.Equal(sentBefore, answer.Text);
        Assert.Equal(UsageStatuses.ClientCancelled, _engine.Record.Status);
        Assert.Equal(sentBefore.Length > 0 ? 1 : null, _engine.Record.OutputTokens);
    }

    [Fact]
    public async Task A_provider_that_never_begins_is_given_up_after_ten_minutes()
    {
        var began = HangAfter("");
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), answer, Ct);
        await began.WaitAsync(Ct);
        _engine.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.False(running.IsCompleted);
        _engine.Clock.Advance(TimeSpan.FromSeconds(2));
        await running;

        AssertError(answer, 504, ErrorCodes.ProviderTimeout, "OpenAI did not answer in time.");
        Assert.Equal(UsageStatuses.Error, _engine.Record.Status);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_given_up_after_two_minutes()
    {
        var began = HangAfter(First);
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: true), answer, Ct);
        await began.WaitAsync(Ct);
        await answer.ReceivesAsync(First, Ct);
        _engine.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.False(running.IsCompleted);
        _engine.Clock.Advance(TimeSpan.FromSeconds(2));
        await running;

        Assert.Equal(ErrorCodes.ProviderTimeout, LastError(answer).GetProperty("code").GetString());
        Assert.Equal((UsageStatuses.Error, 1), (_engine.Record.Status, _engine.Record.OutputTokens));
    }

    [Fact]
    public async Task An_answer_too_large_to_hold_back_passes_without_its_cost()
    {
        var content = new string('x', 9 * 1024 * 1024);
        var body = Body.Replace("\"Hi\"", $"\"{content}\"", StringComparison.Ordinal);
        _engine.Provider.Reply(body);

        var answer = await _engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);

        Assert.True(answer.Text == body, "The bytes differ.");
        Assert.DoesNotContain("x-aistrale-cost-usd", answer.Headers.Keys);
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Estimated), (_engine.Record.Status, _engine.Record.UsageQuality));
    }

    [Fact]
    public async Task A_call_whose_record_cannot_be_written_is_not_made()
    {
        await using var engine = await Engine.StartAsync(Ct, segmentBytes: 1);
        engine.Provider.Reply(Body);
        await engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);
        engine.Rig.BreakSpool();

        var answer = await engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);

        AssertError(answer, 503, ErrorCodes.Overloaded);
        Assert.Equal("5", answer.Headers["retry-after"]);
        Assert.Equal(1, engine.Provider.Calls);
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_recorded_is_a_503_and_no_exception()
    {
        await using var engine = await Engine.StartAsync(Ct, segmentBytes: 1);
        await engine.RunAsync(Calls.Chat("no-such-model", stream: false), Ct);
        engine.Rig.BreakSpool();

        AssertError(await engine.RunAsync(Calls.Chat("no-such-model", stream: false), Ct), 503, ErrorCodes.Overloaded);
        AssertError(await engine.RunAsync(Calls.Chat("""{"model":"claude-haiku-4-5","messages":[]}"""), Ct), 503, ErrorCodes.Overloaded);
    }

    [Fact]
    public async Task An_answer_whose_record_cannot_be_written_is_not_given_and_not_blamed_on_the_provider()
    {
        await using var engine = await Engine.StartAsync(Ct, segmentBytes: 1);
        engine.Provider.Answer = async context =>
        {
            engine.Rig.BreakSpool();
            await context.Response.WriteAsync(Body, Ct);
        };

        var answer = await engine.RunAsync(Calls.Chat("openai/gpt-4o-mini", stream: false), Ct);

        AssertError(answer, 503, ErrorCodes.Overloaded, "Usage cannot be recorded at this moment. Try again shortly.");
    }

    [Theory]
    [InlineData("no-such-model", 404, ErrorCodes.ModelNotFound)]
    [InlineData("openai/", 404, ErrorCodes.ModelNotFound)]
    public async Task A_call_that_has_no_target_is_refused_and_recorded(string model, int status, string code)
    {
        var answer = await _engine.RunAsync(Calls.Chat(model, stream: true), Ct);

        AssertError(answer, status, code);
        Assert.Equal((UsageStatuses.Refused, UsageQualities.None, code, 0m), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.ErrorCode, _engine.Record.CostUsd));
        Assert.Equal(0, _engine.Provider.Calls);
    }

    private static void AssertError(MemoryAnswerBody answer, int status, string code, string? message = null)
    {
        var error = JsonElement.Parse(answer.Text).GetProperty("error");
        Assert.Equal((status, "application/json", code), (answer.Status, answer.ContentType, error.GetProperty("code").GetString()));
        Assert.Equal(message ?? error.GetProperty("message").GetString(), error.GetProperty("message").GetString());
    }

    private static JsonElement LastError(MemoryAnswerBody answer) =>
        JsonElement.Parse(answer.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1]["data: ".Length..]).GetProperty("error");

    private Task HangAfter(string sent)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Provider.Answer = async context =>
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            context.RequestAborted.Register(ended.SetResult);
            if (sent.Length > 0)
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync(sent, CancellationToken.None);
                await context.Response.Body.FlushAsync(CancellationToken.None);
            }

            began.SetResult();
            await ended.Task;
        };
        return began.Task;
    }
}
