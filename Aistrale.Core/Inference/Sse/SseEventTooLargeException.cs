namespace Aistrale.Core.Inference.Sse;

/// <summary>The upstream sent more bytes without ending an event than the splitter may hold.</summary>
internal sealed class SseEventTooLargeException(int maxEventBytes)
    : IOException($"A stream event is larger than {maxEventBytes} bytes.")
{
    public int MaxEventBytes { get; } = maxEventBytes;
}
