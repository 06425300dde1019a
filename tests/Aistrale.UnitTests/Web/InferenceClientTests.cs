using System.Text;
using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class InferenceClientTests
{
    private const string Start = "event: start\ndata: {\"id\":\"01930000-0000-7000-8000-000000000001\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"traceId\":\"4bf9\"}\n\n";

    private const string Done =
        "event: done\ndata: {\"id\":\"01930000-0000-7000-8000-000000000001\",\"conversationId\":null,\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"output\":\"Grüße\","
        + "\"toolCalls\":[],\"finishReason\":\"stop\",\"usage\":{\"inputTokens\":12,\"cachedInputTokens\":0,\"cacheWriteTokens\":0,\"outputTokens\":3,\"reasoningTokens\":0},"
        + "\"costUsd\":0.0000036,\"latencyMs\":412.5,\"timeToFirstTokenMs\":120,\"attempts\":[],\"traceId\":\"4bf9\"}\n\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Events_are_read_whole_however_the_bytes_are_cut(int bytesPerRead)
    {
        var steps = await ReadAsync(
            Start + ": ping\n\n" + "event: delta\ndata: {\"text\":\"Grü\"}\n\n" + "event: delta\r\ndata: {\"text\":\"ße\"}\r\n\r\n" + "event: reasoning\ndata: {\"text\":\"hm\"}\n\n" + Done,
            bytesPerRead);

        Assert.Equal("4bf9", Assert.IsType<InferenceEvent.Started>(steps[0]).Run.TraceId);
        Assert.Equal("Grüße", string.Concat(steps.OfType<InferenceEvent.Text>().Select(text => text.Value)));
        Assert.Equal("hm", Assert.Single(steps.OfType<InferenceEvent.Reasoning>()).Value);
        var run = Assert.IsType<InferenceEvent.Completed>(steps[^1]).Run;
        Assert.Equal(0.0000036m, run.CostUsd);
        Assert.Equal(3, run.Usage.OutputTokens);
    }

    [Fact]
    public async Task An_unknown_event_is_passed_over()
    {
        var steps = await ReadAsync(Start + "event: weather\ndata: {\"rain\":true}\n\n" + Done);

        Assert.Collection(steps, step => Assert.IsType<InferenceEvent.Started>(step), step => Assert.IsType<InferenceEvent.Completed>(step));
    }

    [Fact]
    public async Task An_error_carries_the_trace_of_its_start()
    {
        var steps = await ReadAsync(Start + "event: error\ndata: {\"code\":\"provider_error\",\"message\":\"It failed.\"}\n\n");

        Assert.Equal(new InferenceEvent.Failed("provider_error", "It failed.", "4bf9"), steps[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("event: delta\ndata: {\"text\":\"half\"}\n\n")]
    [InlineData("event: delta\ndata: {\"text\":\n\n")]
    [InlineData("event: delta\ndata: <html>gateway timeout</html>\n\n")]
    public async Task A_stream_that_ends_without_its_last_event_is_interrupted_and_not_complete(string rest)
    {
        var steps = await ReadAsync(Start + rest);

        var failed = Assert.IsType<InferenceEvent.Failed>(steps[^1]);
        Assert.Equal(ErrorCodes.StreamInterrupted, failed.Code);
        Assert.Equal("4bf9", failed.TraceId);
    }

    [Fact]
    public async Task Nothing_is_read_after_the_last_event()
    {
        var steps = await ReadAsync(Start + Done + "event: delta\ndata: {\"text\":\"late\"}\n\n");

        Assert.IsType<InferenceEvent.Completed>(steps[^1]);
    }

    private static async Task<List<InferenceEvent>> ReadAsync(string text, int bytesPerRead = 4096)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stream = new CutStream(Encoding.UTF8.GetBytes(text), bytesPerRead);
        var steps = new List<InferenceEvent>();
        await foreach (var step in InferenceClient.ReadAsync(stream, ct))
        {
            steps.Add(step);
        }

        return steps;
    }

    // Gives at most so many bytes per read, as a network does.
    private sealed class CutStream(byte[] bytes, int bytesPerRead) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(bytesPerRead, buffer.Length)], cancellationToken);
    }
}
