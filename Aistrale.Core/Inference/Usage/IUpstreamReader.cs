using Aistrale.Core.Inference.Sse;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Watches what an upstream sends, in its own dialect, and fills an <see cref="UpstreamObservation"/>. Never throws on what it is fed.</summary>
internal interface IUpstreamReader
{
    /// <summary>One block of a streamed answer.</summary>
    void OnEvent(in SseEvent e);

    /// <summary>The body of a whole answer.</summary>
    void OnBody(ReadOnlySpan<byte> utf8Json);
}
