using Aistrale.Core.Pricing;

namespace Aistrale.UnitTests.Core.Pricing;

/// <summary>Builds usage from disjoint leaves, so that a test can say "this many of that unit" and the totals follow.</summary>
internal static class UsageBuilder
{
    public static UsageQuantities Of(params (string Unit, long Quantity)[] leaves)
    {
        long Q(string unit) => leaves.Where(l => l.Unit == unit).Sum(l => l.Quantity);
        var cachedAudio = Q("cached_audio_input");
        var cachedImage = Q("cached_image_input");
        return new UsageQuantities
        {
            InputTokens = Q("input") + Q("cached_input") + cachedAudio + cachedImage + Q("cache_write_5m") + Q("cache_write_1h") + Q("audio_input") + Q("image_input") + Q("video_input"),
            CachedInputTokens = Q("cached_input") + cachedAudio + cachedImage,
            CachedAudioInputTokens = cachedAudio,
            CachedImageInputTokens = cachedImage,
            CacheWrite5mTokens = Q("cache_write_5m"),
            CacheWrite1hTokens = Q("cache_write_1h"),
            AudioInputTokens = Q("audio_input") + cachedAudio,
            ImageInputTokens = Q("image_input") + cachedImage,
            VideoInputTokens = Q("video_input"),
            OutputTokens = Q("output") + Q("reasoning_output") + Q("audio_output") + Q("image_output"),
            ReasoningTokens = Q("reasoning_output"),
            AudioOutputTokens = Q("audio_output"),
            ImageOutputTokens = Q("image_output"),
            WebSearches = Q("web_search"),
            FileSearches = Q("file_search"),
            AudioInputSeconds = Q("audio_input_second"),
        };
    }
}
