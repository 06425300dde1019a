namespace Aistrale.Core.Pricing;

/// <summary>Splits inclusive totals into the disjoint parts that are billed: each token is counted in exactly one leaf.</summary>
internal static class UsageLeaves
{
    /// <summary>Fills one quantity per <see cref="PriceUnit"/>; answers a sentence when a count is negative or parts exceed their total.</summary>
    public static string? Split(UsageQuantities usage, Span<long> leaves)
    {
        return FindNegative(usage) ?? SplitInput(usage, leaves) ?? SplitOutput(usage, leaves) ?? CountUses(usage, leaves);
    }

    private static string? SplitInput(UsageQuantities usage, Span<long> leaves)
    {
        var cachedAudio = usage.CachedAudioInputTokens ?? 0;
        var cachedImage = usage.CachedImageInputTokens ?? 0;
        // A cached part whose whole was not reported is its own leaf: the whole is at least that.
        var cachedText = Remainder(usage.CachedInputTokens, cachedAudio, cachedImage);
        var audio = Remainder(usage.AudioInputTokens, cachedAudio);
        var image = Remainder(usage.ImageInputTokens, cachedImage);
        if (cachedText < 0)
        {
            return $"Cached audio ({cachedAudio}) and image ({cachedImage}) tokens exceed the cached total ({usage.CachedInputTokens}).";
        }

        if (audio < 0)
        {
            return $"Cached audio tokens ({cachedAudio}) exceed the audio total ({usage.AudioInputTokens}).";
        }

        if (image < 0)
        {
            return $"Cached image tokens ({cachedImage}) exceed the image total ({usage.ImageInputTokens}).";
        }

        var write5m = usage.CacheWrite5mTokens ?? 0;
        var write1h = usage.CacheWrite1hTokens ?? 0;
        var video = usage.VideoInputTokens ?? 0;
        var parts = cachedText + cachedAudio + cachedImage + write5m + write1h + audio + image + video;
        if (usage.InputTokens is { } input && parts > input)
        {
            return $"The parts of the input ({parts} tokens: cached, cache writes, audio, image, video) exceed its total ({input}).";
        }

        leaves[(int)PriceUnit.Input] = (long)((usage.InputTokens ?? parts) - parts);
        leaves[(int)PriceUnit.CachedInput] = (long)cachedText;
        leaves[(int)PriceUnit.CachedAudioInput] = cachedAudio;
        leaves[(int)PriceUnit.CachedImageInput] = cachedImage;
        leaves[(int)PriceUnit.CacheWrite5m] = write5m;
        leaves[(int)PriceUnit.CacheWrite1h] = write1h;
        leaves[(int)PriceUnit.AudioInput] = (long)audio;
        leaves[(int)PriceUnit.ImageInput] = (long)image;
        leaves[(int)PriceUnit.VideoInput] = video;
        return null;
    }

    private static string? SplitOutput(UsageQuantities usage, Span<long> leaves)
    {
        var reasoning = usage.ReasoningTokens ?? 0;
        var audio = usage.AudioOutputTokens ?? 0;
        var image = usage.ImageOutputTokens ?? 0;
        var parts = (Int128)reasoning + audio + image;
        if (usage.OutputTokens is { } output && parts > output)
        {
            return $"The parts of the output ({parts} tokens: reasoning, audio, image) exceed its total ({output}).";
        }

        leaves[(int)PriceUnit.Output] = (long)((usage.OutputTokens ?? parts) - parts);
        leaves[(int)PriceUnit.ReasoningOutput] = reasoning;
        leaves[(int)PriceUnit.AudioOutput] = audio;
        leaves[(int)PriceUnit.ImageOutput] = image;
        return null;
    }

    private static string? CountUses(UsageQuantities usage, Span<long> leaves)
    {
        leaves[(int)PriceUnit.WebSearch] = usage.WebSearches ?? 0;
        leaves[(int)PriceUnit.FileSearch] = usage.FileSearches ?? 0;
        leaves[(int)PriceUnit.AudioInputSecond] = usage.AudioInputSeconds ?? 0;
        return null;
    }

    private static string? FindNegative(UsageQuantities usage) =>
        Negative(usage.InputTokens, "input tokens")
        ?? Negative(usage.CachedInputTokens, "cached input tokens")
        ?? Negative(usage.CachedAudioInputTokens, "cached audio input tokens")
        ?? Negative(usage.CachedImageInputTokens, "cached image input tokens")
        ?? Negative(usage.CacheWrite5mTokens, "five-minute cache write tokens")
        ?? Negative(usage.CacheWrite1hTokens, "one-hour cache write tokens")
        ?? Negative(usage.AudioInputTokens, "audio input tokens")
        ?? Negative(usage.ImageInputTokens, "image input tokens")
        ?? Negative(usage.VideoInputTokens, "video input tokens")
        ?? Negative(usage.OutputTokens, "output tokens")
        ?? Negative(usage.ReasoningTokens, "reasoning tokens")
        ?? Negative(usage.AudioOutputTokens, "audio output tokens")
        ?? Negative(usage.ImageOutputTokens, "image output tokens")
        ?? Negative(usage.WebSearches, "web searches")
        ?? Negative(usage.FileSearches, "file searches")
        ?? Negative(usage.AudioInputSeconds, "audio input seconds");

    private static string? Negative(long? count, string name) => count < 0 ? $"The number of {name} is negative ({count})." : null;

    // Int128: the counts come from outside, and two of them may add up to more than a long holds.
    private static Int128 Remainder(long? whole, Int128 part, Int128 otherPart = default) => whole is null ? 0 : whole.Value - part - otherPart;
}
