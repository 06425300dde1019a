using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects.Console;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.Extensions.AI;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class ConsoleWriterTests
{
    private const string Answer = """{"id":"019a0000-0000-7000-8000-000000000001","conversationId":null,"provider":"openai","model":"gpt-4o-mini","output":"Grüß \"dich\"","toolCalls":[],"finishReason":"stop","usage":{"inputTokens":20,"cachedInputTokens":16,"cacheWriteTokens":null,"outputTokens":9,"reasoningTokens":null},"costUsd":0.0000072,"latencyMs":12.5,"timeToFirstTokenMs":3.25,"attempts":[{"provider":"openai","model":"gpt-4o-mini","outcome":"ok","status":200,"latencyMs":11}],"traceId":"0af7651916cd43dd8448eb211c80319c"}""";

    [Fact]
    public void A_stream_is_start_reasoning_deltas_and_done_with_the_whole_answer()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ConsoleWriter();
        writer.BeginStream(output, Calls.Create(Calls.Console("gpt-4o-mini", stream: true), TimeProvider.System), Calls.Target("openai", "gpt-4o-mini"));
        writer.WriteUpdate(output, new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm"), new TextContent("")]));
        writer.WriteUpdate(output, new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Grüß ")]));
        writer.WriteUpdate(output, new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("\"dich\"")]));
        writer.EndStream(output, Settled());

        Assert.Equal(
            $$"""
            event: start
            data: {"id":"019a0000-0000-7000-8000-000000000001","provider":"openai","model":"gpt-4o-mini","traceId":"0af7651916cd43dd8448eb211c80319c"}

            event: reasoning
            data: {"text":"Hm"}

            event: delta
            data: {"text":"Grüß "}

            event: delta
            data: {"text":"\"dich\""}

            event: done
            data: {{Answer}}


            """,
            Text(output));
    }

    [Fact]
    public void A_whole_answer_is_the_same_document_as_the_end_of_a_stream()
    {
        var output = new ArrayBufferWriter<byte>();
        new ConsoleWriter().WriteWhole(output, new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm"), new TextContent("Grüß \"dich\"")])), Settled());

        Assert.Equal(Answer, Text(output));
    }

    [Fact]
    public void An_error_before_the_answer_is_a_problem_document()
    {
        var output = new ArrayBufferWriter<byte>();
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var writer = new ConsoleWriter();
        writer.WriteError(output, new InferenceError(429, "rate_limit_exceeded", "Slow \"down\"."));
        var problem = JsonElement.Parse(output.WrittenSpan);

        Assert.Equal("application/problem+json", writer.ErrorContentType);
        Assert.Equal(429, problem.GetProperty("status").GetInt32());
        Assert.Equal("rate_limit_exceeded", problem.GetProperty("code").GetString());
        Assert.Equal("Slow \"down\".", problem.GetProperty("detail").GetString());
        Assert.Equal(activity.TraceId.ToHexString(), problem.GetProperty("traceId").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
    }

    [Fact]
    public void An_error_inside_a_stream_is_one_event()
    {
        var output = new ArrayBufferWriter<byte>();
        new ConsoleWriter().WriteStreamError(output, new InferenceError(502, "stream_interrupted", "It\nbroke."));

        Assert.Equal("event: error\ndata: {\"code\":\"stream_interrupted\",\"message\":\"It\\nbroke.\"}\n\n", Text(output));
    }

    [Fact]
    public void Nothing_is_filtered_because_no_provider_speaks_the_consoles_dialect() => Assert.Null(new ConsoleWriter().StreamFilter);

    private static SettledCall Settled() => new(
        new UsageEvent
        {
            Id = Calls.Id,
            StartedAt = Calls.Now,
            Source = "console",
            Dialect = "console",
            RequestedModel = "gpt-4o-mini",
            Provider = "openai",
            Model = "gpt-4o-mini",
            Status = UsageStatuses.Ok,
            UsageQuality = UsageQualities.Exact,
            InputTokens = 20,
            CachedInputTokens = 16,
            OutputTokens = 9,
            CostUsd = 0.0000072m,
            LatencyMs = 12.5,
            TimeToFirstTokenMs = 3.25,
            PriceRows = "[]",
            Attempts = "[]",
            FinishReason = "stop",
            TraceId = "0af7651916cd43dd8448eb211c80319c",
        },
        new UsageQuantities(),
        [new AttemptResponse("openai", "gpt-4o-mini", "ok", 200, 11)]);

    private static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
