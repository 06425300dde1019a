namespace Aistrale.Core.Inference.Usage;

/// <summary>
/// What one upstream call was seen to send, in canonical terms. Settlement prices from this and from nothing else.
/// Counts are null until the provider states them. Input includes cached and cache-write tokens, output includes reasoning.
/// </summary>
/// <remarks>Written by the one reader of the call; another thread may read only the <c>Output…Seen</c> numbers while the call runs.</remarks>
public sealed class UpstreamObservation
{
    private long _outputCharsSeen;
    private long _outputDeltasSeen;

    public long? InputTokens { get; set; }

    public long? CachedInputTokens { get; set; }

    public long? CacheWrite5mTokens { get; set; }

    public long? CacheWrite1hTokens { get; set; }

    public long? AudioInputTokens { get; set; }

    public long? ImageInputTokens { get; set; }

    public long? OutputTokens { get; set; }

    public long? ReasoningTokens { get; set; }

    public long? AudioOutputTokens { get; set; }

    public long? ImageOutputTokens { get; set; }

    public long? WebSearches { get; set; }

    public long? FileSearches { get; set; }

    public string? ModelReported { get; set; }

    /// <summary>The tier that served the call (the last one stated), not the one that was asked for.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>The provider behind a router, where the router says so (Hugging Face).</summary>
    public string? ServedBy { get; set; }

    public string? UpstreamResponseId { get; set; }

    public string? FinishReasonNative { get; set; }

    public FinishReason? FinishReason { get; set; }

    /// <summary>The dialect's own end was seen. A stream that closes without it was cut off, however cleanly.</summary>
    public bool SawTerminalEvent { get; set; }

    /// <summary>An error that came inside a 200.</summary>
    public UpstreamError? InBandError { get; set; }

    public bool FirstContentSeen { get; set; }

    /// <summary>Characters of text, reasoning and tool arguments so far, to estimate an interrupted stream from.</summary>
    public long OutputCharsSeen => Volatile.Read(ref _outputCharsSeen);

    public long OutputDeltasSeen => Volatile.Read(ref _outputDeltasSeen);

    /// <summary>Events whose JSON could not be read; their usage, if any, is lost.</summary>
    public int MalformedEvents { get; set; }

    internal void AddOutput(long chars)
    {
        FirstContentSeen = true;
        Volatile.Write(ref _outputDeltasSeen, _outputDeltasSeen + 1);
        Volatile.Write(ref _outputCharsSeen, _outputCharsSeen + chars);
    }
}
