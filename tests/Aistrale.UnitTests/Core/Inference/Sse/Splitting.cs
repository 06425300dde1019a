using System.Text;
using Aistrale.Core.Inference.Sse;
using CsCheck;

namespace Aistrale.UnitTests.Core.Inference.Sse;

/// <summary>An event copied out of the splitter's buffers, comparable by value.</summary>
internal sealed record SplitEvent(string Name, string Data, string RawHex, bool HasData, bool IsUnterminated)
{
    public static SplitEvent Of(in SseEvent e) =>
        new(Encoding.UTF8.GetString(e.Name), Encoding.UTF8.GetString(e.Data), Convert.ToHexString(e.Raw), e.HasData, e.IsUnterminated);
}

internal static class Splitting
{
    /// <summary>Feeds the chunks as a socket would, reading after each one.</summary>
    public static List<SplitEvent> Split(SseEventSplitter splitter, params ReadOnlySpan<byte[]> chunks)
    {
        List<SplitEvent> events = [];
        foreach (var chunk in chunks)
        {
            splitter.Append(chunk);
            Drain(splitter, events);
        }

        splitter.Complete();
        Drain(splitter, events);
        return events;
    }

    public static List<SplitEvent> Split(params ReadOnlySpan<byte[]> chunks)
    {
        using var splitter = new SseEventSplitter();
        return Split(splitter, chunks);
    }

    public static byte[] RawOf(IEnumerable<SplitEvent> events) => Convert.FromHexString(string.Concat(events.Select(e => e.RawHex)));

    public static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static void Drain(SseEventSplitter splitter, List<SplitEvent> events)
    {
        while (splitter.TryRead(out var e))
        {
            events.Add(SplitEvent.Of(e));
        }
    }
}
