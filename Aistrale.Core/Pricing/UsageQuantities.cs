namespace Aistrale.Core.Pricing;

/// <summary>
/// What one call used, in the one form that the whole engine counts with, whatever the provider's own form was.
/// Null means that the provider did not say, which is not the same as 0.
/// </summary>
/// <remarks>
/// Totals are inclusive: <see cref="InputTokens"/> contains the cached, written, audio, image and video tokens, and
/// <see cref="OutputTokens"/> the reasoning, audio and image tokens. Providers that report exclusive counts are converted
/// by their usage reader: Anthropic's input excludes the cache, Gemini's candidates exclude the thoughts.
/// </remarks>
public sealed record UsageQuantities
{
    public long? InputTokens { get; init; }

    /// <summary>Read from the provider's prompt cache; contains <see cref="CachedAudioInputTokens"/> and <see cref="CachedImageInputTokens"/>.</summary>
    public long? CachedInputTokens { get; init; }

    /// <summary>Part of both <see cref="CachedInputTokens"/> and <see cref="AudioInputTokens"/>.</summary>
    public long? CachedAudioInputTokens { get; init; }

    /// <summary>Part of both <see cref="CachedInputTokens"/> and <see cref="ImageInputTokens"/>.</summary>
    public long? CachedImageInputTokens { get; init; }

    /// <summary>Written to the cache for five minutes, or for a time that the provider does not name.</summary>
    public long? CacheWrite5mTokens { get; init; }

    public long? CacheWrite1hTokens { get; init; }

    /// <summary>Contains <see cref="CachedAudioInputTokens"/>.</summary>
    public long? AudioInputTokens { get; init; }

    /// <summary>Contains <see cref="CachedImageInputTokens"/>.</summary>
    public long? ImageInputTokens { get; init; }

    public long? VideoInputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? ReasoningTokens { get; init; }

    public long? AudioOutputTokens { get; init; }

    public long? ImageOutputTokens { get; init; }

    public long? WebSearches { get; init; }

    public long? FileSearches { get; init; }

    /// <summary>Length of transcribed audio, for models that bill time instead of tokens.</summary>
    public long? AudioInputSeconds { get; init; }

    /// <summary>Both time-to-live classes together; null when neither was reported.</summary>
    public long? CacheWriteTokens =>
        CacheWrite5mTokens is null && CacheWrite1hTokens is null ? null : (CacheWrite5mTokens ?? 0) + (CacheWrite1hTokens ?? 0);

    /// <summary>Input that is neither cached, written to the cache, audio, image nor video; null when the total is unknown or the parts contradict it.</summary>
    public long? FreshInputTokens
    {
        get
        {
            Span<long> leaves = stackalloc long[PriceUnits.Count];
            return InputTokens is null || UsageLeaves.Split(this, leaves) is not null ? null : leaves[(int)PriceUnit.Input];
        }
    }

    /// <summary>One sentence naming the first count that cannot be right, or null when the counts agree with each other.</summary>
    public string? FindInconsistency()
    {
        Span<long> leaves = stackalloc long[PriceUnits.Count];
        return UsageLeaves.Split(this, leaves);
    }
}
