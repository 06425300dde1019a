using System.Text;
using Aistrale.Core.Inference.Sse;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Sse;

public sealed class SseEventSplitterTests
{
    public static TheoryData<string> LongStreams { get; } = new(
        WireFixtures.ChatStream, WireFixtures.ResponsesStream, WireFixtures.MessagesStream, WireFixtures.GeminiStream);

    /// <summary>Every line end, every way of writing a field, and every way of ending a stream.</summary>
    public static TheoryData<string> ShortStreams { get; } = new(
        "data: a\n\ndata: b\n\n",
        "data: a\r\n\r\ndata: b\r\n\r\n",
        "data: a\r\rdata: b\r\r",
        "data: a\r\n\ndata: b\n\r\ndata: c\r\r\ndata: d\r\n\r",
        "data:a\n\ndata:  b\n\n",
        "data\n\ndata:\n\n",
        "data: {\"a\":\ndata: 1}\n\nevent: x\ndata: y\ndata\ndata: z\n\n",
        ": keep-alive\n\n: again\ndata: a\n: inside\ndata: b\n\n:\n\n",
        "event: e\ndata: a\n\nevent: only\n\nid: 7\nretry: 10\n\n",
        "event: first\nevent: last\ndata: x\n\n",
        "\n\n\ndata: a\n\n\n\ndata: b\n\n\n",
        "\uFEFFdata: a\n\ndata: b\n\n",
        "\uFEFF\n\ndata: a\n\n",
        "data: \uFEFFa\n\n\uFEFFdata: b\n\n",
        "data: a\n\ndata: b",
        "data: a\n\ndata: b\n",
        "data: a\n\ndata: b\r",
        "data: a\r\n\r\ndata: b\r\n\r",
        "data: a\n\n: left",
        "data: ça 👋 été\n\ndata: 日本\r\n\r\n",
        "dat: a\ndatas: b\ndata : c\ndata: d\n\n",
        "\n",
        "\r",
        "\r\n",
        "");

    [Theory]
    [MemberData(nameof(LongStreams))]
    [MemberData(nameof(ShortStreams))]
    public void Every_split_point_gives_the_same_events(string stream)
    {
        foreach (var bytes in WithOtherLineEnds(stream))
        {
            var whole = Splitting.Split(bytes);

            Assert.Equal(bytes, Splitting.RawOf(whole));
            for (var i = 0; i <= bytes.Length; i++)
            {
                Assert.Equal(whole, Splitting.Split(bytes[..i], bytes[i..]));
            }

            Assert.Equal(whole, Splitting.Split([.. bytes.Select(b => new[] { b })]));
        }
    }

    [Theory]
    [MemberData(nameof(ShortStreams))]
    public void Every_pair_of_split_points_gives_the_same_events(string stream)
    {
        foreach (var bytes in WithOtherLineEnds(stream))
        {
            var whole = Splitting.Split(bytes);
            for (var i = 0; i <= bytes.Length; i++)
            {
                for (var j = i; j <= bytes.Length; j++)
                {
                    Assert.Equal(whole, Splitting.Split(bytes[..i], bytes[i..j], bytes[j..]));
                }
            }
        }
    }

    [Fact]
    public void All_line_ends_carry_the_same_events()
    {
        foreach (var stream in new[] { WireFixtures.ChatStream, WireFixtures.ResponsesStream, WireFixtures.MessagesStream, WireFixtures.GeminiStreamLf })
        {
            var meaning = WithOtherLineEnds(stream).Select(bytes => Splitting.Split(bytes).Where(e => e.HasData).Select(e => (e.Name, e.Data, e.IsUnterminated)).ToList()).ToList();

            Assert.All(meaning, events => Assert.Equal(meaning[0], events));
            Assert.NotEmpty(meaning[0]);
        }
    }

    [Fact]
    public void Fields_are_read_as_the_standard_says()
    {
        Assert.Equal(
            [("", "a", true), ("", " b", true), ("", "", true), ("e", "{\n1}", true), ("", "", false)],
            Meaning("data:a\n\ndata:  b\n\ndata\n\nevent: e\n: note\nid: 1\ndata: {\ndata: 1}\n\nid: 2\n\n"));
    }

    [Fact]
    public void An_event_without_data_has_no_say_but_keeps_its_bytes()
    {
        var events = Splitting.Split(WireFixtures.Bytes("event: ping\n\n: note\n\ndata: a\n\n"));

        Assert.Equal([false, false, true], events.Select(e => e.HasData));
        Assert.Equal("event: ping\n\n", Encoding.UTF8.GetString(Convert.FromHexString(events[0].RawHex)));
    }

    [Theory]
    [InlineData(": OPENROUTER PROCESSING\n\n", true)]
    [InlineData("event: ping\ndata: {\"type\":\"ping\"}\n\n", true)]
    [InlineData("data:\n\n", true)]
    [InlineData("event: content_block_delta\ndata: {}\n\n", false)]
    [InlineData("data: [DONE]\n\n", false)]
    public void Comments_and_pings_are_known_as_keep_alive(string stream, bool isKeepAlive)
    {
        using var splitter = new SseEventSplitter();
        splitter.Append(WireFixtures.Bytes(stream));

        Assert.True(splitter.TryRead(out var e));
        Assert.Equal(isKeepAlive, e.IsKeepAlive);
        Assert.Equal(stream[0] == ':', e.IsComment);
    }

    [Fact]
    public void A_byte_order_mark_at_the_start_is_no_part_of_the_first_field_but_of_its_raw_bytes()
    {
        var events = Splitting.Split(WireFixtures.Bytes("\uFEFFdata: a\n\n"));

        Assert.Equal("a", Assert.Single(events).Data);
        Assert.StartsWith("EFBBBF", events[0].RawHex, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_cut_off_by_the_end_of_the_stream_is_offered_and_flagged()
    {
        var events = Splitting.Split(WireFixtures.Bytes("data: a\n\ndata: {\"usage\":"));

        Assert.Equal([("a", false), ("{\"usage\":", true)], events.Select(e => (e.Data, e.IsUnterminated)));
    }

    [Fact]
    public void Nothing_is_offered_before_its_event_has_ended()
    {
        using var splitter = new SseEventSplitter();
        splitter.Append("data: a\n"u8);
        Assert.False(splitter.TryRead(out _));
        splitter.Append("\n"u8);
        Assert.True(splitter.TryRead(out var e));
        Assert.Equal("a"u8, e.Data);
    }

    [Fact]
    public void Lone_carriage_returns_deliver_an_event_without_waiting_for_the_next()
    {
        using var splitter = new SseEventSplitter();
        splitter.Append("data: a\r\r"u8);

        Assert.True(splitter.TryRead(out var e));
        Assert.Equal("a"u8, e.Data);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void An_event_over_the_limit_is_a_typed_failure_however_it_arrives(int chunkBytes)
    {
        using var splitter = new SseEventSplitter(maxEventBytes: 64);
        var bytes = WireFixtures.Bytes("data: fits\n\ndata: " + new string('x', 200) + "\n\n");

        var failure = Assert.Throws<SseEventTooLargeException>(() => { Splitting.Split(splitter, [.. bytes.Chunk(chunkBytes)]); });

        Assert.Equal(64, failure.MaxEventBytes);
    }

    [Fact]
    public void The_limit_is_per_event_not_per_stream()
    {
        using var splitter = new SseEventSplitter(maxEventBytes: 64);
        var bytes = WireFixtures.Bytes(string.Concat(Enumerable.Repeat("data: " + new string('x', 50) + "\n\n", 1000)));

        Assert.Equal(1000, Splitting.Split(splitter, [.. bytes.Chunk(333)]).Count);
    }

    [Fact]
    public void A_reset_splitter_starts_afresh()
    {
        using var splitter = new SseEventSplitter();
        splitter.Append("event: old\ndata: left over"u8);
        Assert.False(splitter.TryRead(out _));
        splitter.Reset();

        var e = Assert.Single(Splitting.Split(splitter, WireFixtures.Bytes("\uFEFFdata: new\n\n")));
        Assert.Equal(("", "new"), (e.Name, e.Data));
    }

    [Fact]
    public void Reading_events_allocates_nothing_once_the_buffers_have_grown()
    {
        using var splitter = new SseEventSplitter();
        var stream = WireFixtures.Bytes(WireFixtures.MessagesStream + "data: two\ndata: lines\n\n");
        Feed(splitter, stream);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Feed(splitter, stream);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Any_bytes_in_any_chunks_come_back_complete_and_as_the_same_events()
    {
        var token = Splitting.OneOf("data: x", "data:", "data", "event: e", ": c", ":", "\n", "\r", "\r\n", "\n\n", "\uFEFF", "é", "👋", " ", "id: 1", "{\"a\":1}");
        var text = token.Array[0, 40].Select(parts => WireFixtures.Bytes(string.Concat(parts)));
        var noise = Gen.Byte.Array[0, 60];
        Gen.OneOf(text, noise).Select(Gen.Int[1, 9].Array[0, 20]).Sample((bytes, sizes) =>
        {
            var whole = Splitting.Split(bytes);
            Assert.Equal(bytes, Splitting.RawOf(whole));
            Assert.Equal(whole, Splitting.Split(Cut(bytes, sizes)));
        }, iter: 20_000);
    }

    private static byte[][] Cut(byte[] bytes, int[] sizes)
    {
        List<byte[]> chunks = [];
        var at = 0;
        foreach (var size in sizes)
        {
            var end = Math.Min(bytes.Length, at + size);
            chunks.Add(bytes[at..end]);
            at = end;
        }

        chunks.Add(bytes[at..]);
        return [.. chunks];
    }

    private static void Feed(SseEventSplitter splitter, byte[] stream)
    {
        for (var at = 0; at < stream.Length; at += 100)
        {
            splitter.Append(stream.AsSpan(at, Math.Min(100, stream.Length - at)));
            while (splitter.TryRead(out _))
            {
            }
        }
    }

    private static IEnumerable<(string Name, string Data, bool HasData)> Meaning(string stream) =>
        Splitting.Split(WireFixtures.Bytes(stream)).Select(e => (e.Name, e.Data, e.HasData));

    private static IEnumerable<byte[]> WithOtherLineEnds(string stream)
    {
        yield return WireFixtures.Bytes(stream);
        if (!stream.Contains('\r', StringComparison.Ordinal))
        {
            yield return WireFixtures.Bytes(stream.Replace("\n", "\r\n", StringComparison.Ordinal));
            yield return WireFixtures.Bytes(stream.Replace("\n", "\r", StringComparison.Ordinal));
        }
    }
}
