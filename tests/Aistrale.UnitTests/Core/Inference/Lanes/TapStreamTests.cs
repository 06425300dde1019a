using System.Text;
using Aistrale.Core.Inference.Upstream;
using Aistrale.UnitTests.Core.Inference.Settlement;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

public sealed class TapStreamTests : IDisposable
{
    private const string Events = Start + "data: [DONE]\n\n";
    private const string Start = "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi ça 👋\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":9}}\n\n";
    private const string Body = """{"id":"c1","choices":[{"index":0,"finish_reason":"stop","message":{"content":"Hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":9}}""";

    private readonly SettlementRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_byte_passes_and_usage_is_seen_whatever_the_size_of_the_reads() => Gen.Int[1, 60].Sample(size =>
    {
        foreach (var (text, isStream) in new[] { (Events, true), (Body, false) })
        {
            var call = Call();
            using var tap = Tap(text, call, isStream);
            var read = new MemoryStream();
            var buffer = new byte[size];
            for (var count = tap.Read(buffer, 0, size); count > 0; count = tap.Read(buffer, 0, size))
            {
                read.Write(buffer, 0, count);
            }

            Assert.Equal(text, Encoding.UTF8.GetString(read.ToArray()));
            Assert.Equal((20, 9, true), (call.Observation.InputTokens, call.Observation.OutputTokens, call.Observation.SawTerminalEvent));
        }
    });

    [Fact]
    public async Task Reading_without_waiting_sees_the_same()
    {
        var call = Call();
        await using var tap = Tap(Events, call, isStream: true);
        using var read = new MemoryStream();
        await tap.CopyToAsync(read, Ct);

        Assert.Equal(Events, Encoding.UTF8.GetString(read.ToArray()));
        Assert.Equal((20, true), (call.Observation.InputTokens, call.Observation.SawTerminalEvent));
    }

    [Fact]
    public async Task A_read_of_no_bytes_is_not_the_end()
    {
        var call = Call();
        await using var tap = Tap(Events, call, isStream: true);

        Assert.Equal(0, await tap.ReadAsync(Memory<byte>.Empty, Ct));
        Assert.Equal(0, tap.Read([], 0, 0));
        await tap.CopyToAsync(Stream.Null, Ct);

        Assert.Equal((20, true), (call.Observation.InputTokens, call.Observation.SawTerminalEvent));
    }

    [Fact]
    public async Task A_stream_left_half_way_has_told_what_went_by()
    {
        var call = Call();
        await using (var tap = Tap(Start, call, isStream: true))
        {
            await tap.ReadExactlyAsync(new byte[Encoding.UTF8.GetByteCount(Start)], Ct);
        }

        Assert.Equal((20, false, true), (call.Observation.InputTokens, call.Observation.SawTerminalEvent, call.Observation.FirstContentSeen));
    }

    [Fact]
    public async Task A_last_event_without_its_blank_line_counts_all_the_same()
    {
        var call = Call();
        await using var tap = Tap(Start.TrimEnd('\n'), call, isStream: true);
        await tap.CopyToAsync(Stream.Null, Ct);

        Assert.Equal(20, call.Observation.InputTokens);
    }

    // Generated images come whole, inside one event.
    [Fact]
    public async Task An_event_of_several_megabytes_passes()
    {
        var call = Call();
        var text = "data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('x', 5 * 1024 * 1024) + "\"}}]}\n\n" + Events;
        await using var tap = Tap(text, call, isStream: true);
        await tap.CopyToAsync(Stream.Null, Ct);

        Assert.Equal(20, call.Observation.InputTokens);
    }

    [Fact]
    public async Task A_body_beyond_eight_megabytes_passes_and_its_usage_is_not_guessed()
    {
        var call = Call();
        var text = Body.Replace("\"Hi\"", $"\"{new string('x', 9 * 1024 * 1024)}\"", StringComparison.Ordinal);
        await using var tap = Tap(text, call, isStream: false);
        using var read = new MemoryStream();
        await tap.CopyToAsync(read, Ct);

        Assert.Equal(text.Length, read.Length);
        Assert.Null(call.Observation.InputTokens);
    }

    [Fact]
    public async Task Reading_stops_with_the_call_even_if_the_reader_forgot_its_token()
    {
        using var gone = new CancellationTokenSource();
        var call = CallOf(gone.Token);
        await using var tap = new TapStream(new NeverEnding(), call, isEventStream: true);
        var reading = tap.ReadAsync(new byte[10], CancellationToken.None).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void It_only_reads_forward()
    {
        using var tap = Tap(Body, Call(), isStream: false);

        Assert.Equal((true, false, false), (tap.CanRead, tap.CanSeek, tap.CanWrite));
        Assert.Throws<NotSupportedException>(() => tap.Length);
        Assert.Throws<NotSupportedException>(() => tap.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => tap.Write([1], 0, 1));
    }

    private UpstreamCall Call() => CallOf(CancellationToken.None);

    private UpstreamCall CallOf(CancellationToken caller) =>
        _rig.OpenFor(Calls.Create(Calls.Chat("openai/gpt-4o-mini", stream: true), _rig.Clock), Calls.Target("openai", "gpt-4o-mini"), 200, caller).Upstream;

    private static TapStream Tap(string text, UpstreamCall call, bool isStream) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), call, isStream);

    private sealed class NeverEnding : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
