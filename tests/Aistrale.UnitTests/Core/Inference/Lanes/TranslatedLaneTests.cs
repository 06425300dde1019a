using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Dialects;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

public sealed class TranslatedLaneTests : IAsyncLifetime
{
    private const string MessagesBody = """{"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"max_tokens","stop_sequence":null,"content":[{"type":"text","text":"Hi"}],"usage":{"input_tokens":4,"cache_read_input_tokens":16,"cache_creation_input_tokens":0,"output_tokens":9}}""";
    private const string GeminiBody = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":16,"candidatesTokenCount":5,"thoughtsTokenCount":4,"totalTokenCount":29},"modelVersion":"m","responseId":"r1"}""";
    private const string ChatBody = """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","logprobs":null,"message":{"role":"assistant","content":"Hi","refusal":null}}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}""";

    private const string MessagesStart = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"model\":\"m\",\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":4,\"cache_read_input_tokens\":16,\"cache_creation_input_tokens\":0,\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
    private const string MessagesDelta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";
    private const string MessagesEnd = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":9}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    private const string MessagesError = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

    private Engine _engine = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await Engine.StartAsync(Ct);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_whole_answer_of_Messages_arrives_in_Chat_Completions_billed_off_the_wire()
    {
        _engine.Provider.Reply(MessagesBody);

        var answer = await _engine.RunAsync(Calls.Chat("claude-haiku-4-5", stream: false), Ct);

        var chat = JsonElement.Parse(answer.Text);
        Assert.Equal(("Hi", "length"), (chat.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), chat.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
        Assert.Equal((20, 9), (chat.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), chat.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.Equal((200, "application/json", "anthropic", "claude-haiku-4-5"), (answer.Status, answer.ContentType, answer.Headers["x-aistrale-provider"], answer.Headers["x-aistrale-model"]));
        // 4 fresh at $1, 16 cached at $0.10, 9 out at $5 a million.
        Assert.Equal(0.0000506m, _engine.Record.CostUsd);
        Assert.Equal("0.0000506", answer.Headers["x-aistrale-cost-usd"]);
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact, "length", "chat_completions"), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.FinishReason, _engine.Record.Dialect));
    }

    [Fact]
    public async Task A_request_in_Messages_carries_the_real_key_only_and_the_largest_limit_that_changes_nothing()
    {
        _engine.Provider.Reply(MessagesBody);

        await _engine.RunAsync(Calls.Chat("""{"model":"claude-haiku-4-5","user":"u1","store":true,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}"""), Ct);

        var headers = _engine.Provider.LastHeaders;
        var sent = JsonElement.Parse(_engine.Provider.LastBodyText);
        Assert.Equal("/v1/messages", _engine.Provider.LastPath);
        Assert.Equal(Engine.Secret, headers["x-api-key"]);
        Assert.DoesNotContain("authorization", headers.Keys);
        Assert.DoesNotContain(headers.Values, value => value.Contains("held-by-the-vault", StringComparison.Ordinal));
        Assert.Equal(Calls.Id.ToString(), headers["x-client-request-id"]);
        Assert.Equal((64_000, "claude-haiku-4-5"), (sent.GetProperty("max_tokens").GetInt32(), sent.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task What_was_dropped_on_the_way_is_said_in_a_header()
    {
        _engine.Provider.Reply(MessagesBody);

        var answer = await _engine.RunAsync(Calls.Chat("""{"model":"claude-haiku-4-5","user":"u1","store":true,"messages":[{"role":"user","content":"Hi"}]}"""), Ct);

        Assert.Equal("user,store", answer.Headers["x-aistrale-dropped"]);
    }

    [Fact]
    public async Task A_stream_of_Messages_arrives_in_Chat_Completions()
    {
        _engine.Provider.Stream(MessagesStart, MessagesDelta + MessagesDelta, MessagesEnd);

        var answer = await _engine.RunAsync(Calls.Chat("claude-haiku-4-5", stream: true), Ct);

        var chunks = Chunks(answer.Text);
        Assert.Equal("HiHi", string.Concat(chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "")));
        Assert.Equal("stop", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal((20, 9), (chunks[^1].GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.EndsWith("data: [DONE]\n\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact, 0.0000506m), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_of_Gemini_arrives_with_its_usage(bool stream)
    {
        if (stream)
        {
            _engine.Provider.Stream($"data: {GeminiBody}\r\n\r\n");
        }
        else
        {
            _engine.Provider.Reply(GeminiBody);
        }

        var answer = await _engine.RunAsync(Calls.Chat("gemini-2.5-flash", stream), Ct);

        Assert.Contains("Hi", answer.Text, StringComparison.Ordinal);
        Assert.Equal(Engine.Secret, _engine.Provider.LastHeaders["x-goog-api-key"]);
        Assert.DoesNotContain(Engine.Secret, _engine.Provider.LastPath, StringComparison.Ordinal);
        // 4 fresh at $0.30, 16 cached at $0.03, 9 out at $2.50 a million.
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact, 0.00002418m, 4L), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd, _engine.Record.ReasoningTokens));
    }

    [Fact]
    public async Task The_console_gets_the_answer_of_a_provider_that_speaks_Chat_Completions()
    {
        _engine.Provider.Reply(ChatBody);

        var answer = await _engine.RunAsync(Calls.Console("openai/gpt-4o-mini", stream: false), Ct);

        var run = JsonElement.Parse(answer.Text);
        Assert.Equal(("Hi", 0.0000072m), (run.GetProperty("output").GetString(), run.GetProperty("costUsd").GetDecimal()));
        Assert.Equal($"Bearer {Engine.Secret}", _engine.Provider.LastHeaders["authorization"]);
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact, "console"), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.Dialect));
    }

    [Fact]
    public async Task An_error_to_the_console_is_a_problem_document()
    {
        _engine.Provider.Reply("""{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}""", 429, headers: [("retry-after", "7")]);

        var answer = await _engine.RunAsync(Calls.Console("openai/gpt-4o-mini", stream: true), Ct);

        Assert.Equal((429, "application/problem+json", "7"), (answer.Status, answer.ContentType, answer.Headers["retry-after"]));
        Assert.Equal(("rate_limit_exceeded", "Slow down."), (JsonElement.Parse(answer.Text).GetProperty("code").GetString(), JsonElement.Parse(answer.Text).GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("claude-haiku-4-5", 401, "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}", "authentication_error")]
    [InlineData("claude-haiku-4-5", 429, "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow down.\"}}", "rate_limit_error")]
    [InlineData("claude-haiku-4-5", 529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", "overloaded_error")]
    [InlineData("gemini-2.5-flash", 503, "{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}", "UNAVAILABLE")]
    [InlineData("gemini-2.5-flash", 400, "[{\"error\":{\"code\":400,\"message\":\"Bad\",\"status\":\"INVALID_ARGUMENT\"}}]", "INVALID_ARGUMENT")]
    public async Task A_refusal_keeps_its_status_in_the_callers_dialect_and_is_not_tried_again(string model, int status, string body, string type)
    {
        foreach (var stream in new[] { false, true })
        {
            await using var engine = await Engine.StartAsync(Ct);
            engine.Provider.Reply(body, status);

            var answer = await engine.RunAsync(Calls.Chat(model, stream), Ct);

            Assert.Equal((status, type), (answer.Status, JsonElement.Parse(answer.Text).GetProperty("error").GetProperty("type").GetString()));
            Assert.Equal((UsageStatuses.Error, UsageQualities.None, 0m, status), (engine.Record.Status, engine.Record.UsageQuality, engine.Record.CostUsd, engine.Record.UpstreamStatus));
            Assert.Equal(1, engine.Provider.Calls);
        }
    }

    // Compatible origins of all kinds answer what they like; none of it may look like a fault of ours.
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"Hi\"")]
    [InlineData("<html>")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"choices\":null}")]
    [InlineData("{\"choices\":\"x\"}")]
    [InlineData("{\"choices\":[null]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"finish_reason\":\"odd\",\"message\":{\"role\":\"odd\",\"content\":5}}]}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Hi\"}}],\"usage\":\"x\",\"created\":\"y\",\"id\":7}")]
    [InlineData("{\"type\":\"message\",\"content\":\"x\"}")]
    [InlineData("{\"content\":[{\"type\":5}],\"usage\":[]}")]
    [InlineData("{\"candidates\":\"x\"}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":\"x\"},\"finishReason\":\"STOP\"}]}")]
    public async Task An_odd_answer_is_passed_on_or_blamed_on_the_provider_and_never_an_exception(string body)
    {
        foreach (var request in Requests(stream: false).Concat(Requests(stream: true)))
        {
            await using var engine = await Engine.StartAsync(Ct);
            engine.Provider.Reply(body);

            var answer = await engine.RunAsync(request, Ct);

            Assert.True(answer.Status is 200 or 502, $"{request.Model}: {answer.Status} {answer.Text}");
            Assert.NotEqual(UsageStatuses.Refused, engine.Record.Status);
        }
    }

    [Theory]
    [InlineData("data: null\n\n")]
    [InlineData("data: []\n\ndata: [DONE]\n\n")]
    [InlineData("data: {}\n\ndata: [DONE]\n\n")]
    [InlineData("data: <html>\n\n")]
    [InlineData("data: {\"choices\":\"x\"}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {\"choices\":[null]}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":5,\"finish_reason\":\"odd\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData("event: message_start\ndata: {\"type\":\"message_start\"}\n\n")]
    [InlineData("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":7,\"delta\":{\"type\":\"odd\"}}\n\n")]
    [InlineData("data: {\"candidates\":[{\"content\":\"x\",\"finishReason\":\"STOP\"}]}\n\n")]
    public async Task An_odd_stream_is_passed_on_or_blamed_on_the_provider_and_never_an_exception(string stream)
    {
        foreach (var request in Requests(stream: true))
        {
            await using var engine = await Engine.StartAsync(Ct);
            engine.Provider.Stream(stream);

            var answer = await engine.RunAsync(request, Ct);

            Assert.True(answer.Status is 200 or 502, $"{request.Model}: {answer.Status} {answer.Text}");
            Assert.NotEqual(UsageStatuses.Refused, engine.Record.Status);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_ends_early_closes_with_one_error_and_costs_what_was_sent(bool dies)
    {
        var received = new TaskCompletionSource();
        _engine.Provider.StreamAndEnd(MessagesStart + MessagesDelta, received.Task, dies);
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("claude-haiku-4-5", stream: true), answer, Ct);
        await answer.ReceivesAsync("Hi", Ct);
        received.SetResult();
        await running;

        Assert.Equal(ErrorCodes.StreamInterrupted, Chunks(answer.Text)[^1].GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
        Assert.Equal((UsageStatuses.Interrupted, UsageQualities.Estimated, 20L), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.InputTokens));
        Assert.Equal(1, _engine.Record.OutputTokens);
    }

    [Fact]
    public async Task An_error_inside_a_stream_ends_it_with_one_error_event()
    {
        var received = new TaskCompletionSource();
        _engine.Provider.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(MessagesStart + MessagesDelta, Ct);
            await context.Response.Body.FlushAsync(Ct);
            await received.Task;
            await context.Response.WriteAsync(MessagesError, Ct);
        };
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("claude-haiku-4-5", stream: true), answer, Ct);
        await answer.ReceivesAsync("Hi", Ct);
        received.SetResult();
        await running;

        Assert.Equal("overloaded_error", Chunks(answer.Text)[^1].GetProperty("error").GetProperty("type").GetString());
        Assert.Equal((UsageStatuses.Error, UsageQualities.Estimated), (_engine.Record.Status, _engine.Record.UsageQuality));
    }

    [Fact]
    public async Task A_caller_who_leaves_takes_the_upstream_call_along()
    {
        var upstreamEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Provider.Answer = async context =>
        {
            context.RequestAborted.Register(upstreamEnded.SetResult);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(MessagesStart + MessagesDelta, CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await upstreamEnded.Task;
        };
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var answer = new MemoryAnswerBody();

        var running = _engine.RunAsync(Calls.Chat("claude-haiku-4-5", stream: true), answer, caller.Token);
        await answer.ReceivesAsync("Hi", Ct);
        await caller.CancelAsync();
        await running;

        await upstreamEnded.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.Equal((UsageStatuses.ClientCancelled, UsageQualities.Estimated), (_engine.Record.Status, _engine.Record.UsageQuality));
        Assert.DoesNotContain("error", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_translated_is_refused_before_anything_is_sent()
    {
        var answer = await _engine.RunAsync(Calls.Chat("""{"model":"claude-haiku-4-5","n":2,"messages":[{"role":"user","content":"Hi"}]}"""), Ct);

        var error = JsonElement.Parse(answer.Text).GetProperty("error");
        Assert.Equal((400, ErrorCodes.UnsupportedParameter, "n"), (answer.Status, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Equal((UsageStatuses.Refused, UsageQualities.None, 0m, 0), (_engine.Record.Status, _engine.Record.UsageQuality, _engine.Record.CostUsd, _engine.Provider.Calls));
    }

    private static IEnumerable<IDialectRequest> Requests(bool stream) =>
        [Calls.Console("custom/m", stream), Calls.Console("openai/gpt-4o-mini", stream), Calls.Chat("claude-haiku-4-5", stream), Calls.Chat("gemini-2.5-flash", stream)];

    private static List<JsonElement> Chunks(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(text => text != "data: [DONE]").Select(text => JsonElement.Parse(text["data: ".Length..]))];
}
