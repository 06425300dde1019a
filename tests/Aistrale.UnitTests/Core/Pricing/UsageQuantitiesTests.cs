using Aistrale.Core.Pricing;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class UsageQuantitiesTests
{
    [Fact]
    public void Fresh_input_is_what_no_other_part_claims()
    {
        var usage = new UsageQuantities
        {
            InputTokens = 1_000,
            CachedInputTokens = 300,
            CachedAudioInputTokens = 30,
            CachedImageInputTokens = 40,
            CacheWrite5mTokens = 50,
            CacheWrite1hTokens = 60,
            AudioInputTokens = 100,
            ImageInputTokens = 110,
            VideoInputTokens = 7,
        };
        // 300 cached (30 audio and 40 image among them), 110 written, 70 audio, 70 image, 7 video
        Assert.Equal(443, usage.FreshInputTokens);
        Assert.Equal(110, usage.CacheWriteTokens);
        Assert.Null(usage.FindInconsistency());
    }

    [Fact]
    public void What_the_provider_did_not_say_stays_unknown()
    {
        var usage = new UsageQuantities { CachedInputTokens = 5 };
        Assert.Null(usage.FreshInputTokens);
        Assert.Null(usage.CacheWriteTokens);
        Assert.Null(usage.OutputTokens);
        Assert.Null(usage.FindInconsistency());
        Assert.Equal(5, (usage with { CacheWrite1hTokens = 5 }).CacheWriteTokens);
        Assert.Equal(6, (usage with { CacheWrite5mTokens = 6 }).CacheWriteTokens);
    }

    public static TheoryData<string, UsageQuantities> Contradictions => new()
    {
        { "exceed its total (9)", new() { InputTokens = 9, CachedInputTokens = 10 } },
        { "exceed its total (9)", new() { InputTokens = 9, CachedInputTokens = 5, CacheWrite5mTokens = 5 } },
        { "exceed its total (9)", new() { InputTokens = 9, CachedInputTokens = 5, CacheWrite1hTokens = 5 } },
        { "exceed its total (9)", new() { InputTokens = 9, AudioInputTokens = 5, ImageInputTokens = 5 } },
        { "exceed its total (9)", new() { InputTokens = 9, VideoInputTokens = 10 } },
        { "exceed its total (9)", new() { InputTokens = 9, CachedAudioInputTokens = 10 } },
        { "exceed its total (9)", new() { InputTokens = 9, CachedImageInputTokens = 10 } },
        { "exceed its total (9)", new() { OutputTokens = 9, ReasoningTokens = 10 } },
        { "exceed its total (9)", new() { OutputTokens = 9, ReasoningTokens = 5, AudioOutputTokens = 5 } },
        { "exceed its total (9)", new() { OutputTokens = 9, ImageOutputTokens = 10 } },
        { "exceed the cached total (9)", new() { InputTokens = 99, CachedInputTokens = 9, CachedAudioInputTokens = 5, CachedImageInputTokens = 5 } },
        { "exceed the audio total (9)", new() { InputTokens = 99, AudioInputTokens = 9, CachedAudioInputTokens = 10 } },
        { "exceed the image total (9)", new() { InputTokens = 99, ImageInputTokens = 9, CachedImageInputTokens = 10 } },
        { "exceed its total", new() { InputTokens = long.MaxValue, CacheWrite5mTokens = long.MaxValue, CacheWrite1hTokens = long.MaxValue } },
        { "exceed its total", new() { OutputTokens = long.MaxValue, ReasoningTokens = long.MaxValue, AudioOutputTokens = long.MaxValue } },
        { "input tokens is negative", new() { InputTokens = -1 } },
        { "cached input tokens is negative", new() { CachedInputTokens = -1 } },
        { "cached audio input tokens is negative", new() { CachedAudioInputTokens = -1 } },
        { "cached image input tokens is negative", new() { CachedImageInputTokens = -1 } },
        { "five-minute cache write tokens is negative", new() { CacheWrite5mTokens = -1 } },
        { "one-hour cache write tokens is negative", new() { CacheWrite1hTokens = -1 } },
        { "audio input tokens is negative", new() { AudioInputTokens = -1 } },
        { "image input tokens is negative", new() { ImageInputTokens = -1 } },
        { "video input tokens is negative", new() { VideoInputTokens = -1 } },
        { "output tokens is negative", new() { OutputTokens = -1 } },
        { "reasoning tokens is negative", new() { ReasoningTokens = -1 } },
        { "audio output tokens is negative", new() { AudioOutputTokens = -1 } },
        { "image output tokens is negative", new() { ImageOutputTokens = -1 } },
        { "web searches is negative", new() { WebSearches = -1 } },
        { "file searches is negative", new() { FileSearches = -1 } },
        { "audio input seconds is negative", new() { AudioInputSeconds = long.MinValue } },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Counts_that_cannot_be_right_are_named(string problem, UsageQuantities usage)
    {
        Assert.Contains(problem, usage.FindInconsistency(), StringComparison.Ordinal);
        Assert.Null(usage.FreshInputTokens);
    }

    [Fact]
    public void Parts_may_fill_their_total_exactly()
    {
        var usage = new UsageQuantities { InputTokens = 10, CachedInputTokens = 4, CacheWrite5mTokens = 3, CacheWrite1hTokens = 3, OutputTokens = 5, ReasoningTokens = 5 };
        Assert.Null(usage.FindInconsistency());
        Assert.Equal(0, usage.FreshInputTokens);
    }
}
