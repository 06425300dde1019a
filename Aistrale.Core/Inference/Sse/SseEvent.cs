namespace Aistrale.Core.Inference.Sse;

/// <summary>
/// One block of an event stream. Its memory belongs to the splitter and is valid only until the splitter's next Append, TryRead, Reset or Dispose.
/// </summary>
internal readonly struct SseEvent
{
    internal SseEvent(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> raw, bool hasData, bool isUnterminated)
    {
        NameMemory = name;
        DataMemory = data;
        RawMemory = raw;
        HasData = hasData;
        IsUnterminated = isUnterminated;
    }

    /// <summary>The value of the last <c>event:</c> line; empty when there is none.</summary>
    public ReadOnlyMemory<byte> NameMemory { get; }

    /// <summary>The values of all <c>data:</c> lines, joined with a line feed.</summary>
    public ReadOnlyMemory<byte> DataMemory { get; }

    /// <summary>All bytes of the block as they came, terminator included; the blocks of a stream in a row are the stream.</summary>
    public ReadOnlyMemory<byte> RawMemory { get; }

    public ReadOnlySpan<byte> Name => NameMemory.Span;

    public ReadOnlySpan<byte> Data => DataMemory.Span;

    public ReadOnlySpan<byte> Raw => RawMemory.Span;

    public bool HasData { get; }

    /// <summary>A comment, blank lines, or fields without any data: bytes that mean nothing, but that a byte-exact forwarder still passes on.</summary>
    public bool IsComment => !HasData;

    /// <summary>A comment or a ping: proof that a proxy lives, not that the model works, so it must not reset an idle timer.</summary>
    public bool IsKeepAlive => Data.IsEmpty || Name.SequenceEqual("ping"u8);

    /// <summary>The stream ended inside this block. A browser would drop it; here the caller decides, because a usage block may be lost otherwise.</summary>
    public bool IsUnterminated { get; }
}
