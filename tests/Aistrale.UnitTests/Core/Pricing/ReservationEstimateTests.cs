using Aistrale.Core.Pricing;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class ReservationEstimateTests
{
    private static readonly PriceCatalogue Catalogue = PriceCatalogue.LoadEmbedded();

    [Theory]
    [InlineData("openai", "gpt-4o-mini", 1_000, 500, "0.00045")] // 1000×.15 + 500×.6
    [InlineData("openai", "gpt-6-sol", 1_000, 500, "0.0075")] // 1000×2.5, all of it written to the cache, + 500×10
    [InlineData("anthropic", "claude-haiku-4-5", 1_000, 500, "0.0045")] // 1000×2, written for an hour, + 500×5
    [InlineData("gemini", "gemini-2.5-flash", 1_000, 500, "0.00225")] // 1000×1, all audio, + 500×2.5
    [InlineData("openai", "gpt-6-sol", 272_001, 0, "1.360005")] // the long-context list
    [InlineData("openai", "text-embedding-3-small", 1_000, 0, "0.00002")]
    [InlineData("gemini", "gemini-embedding-2", 1_000, 0, "0.012")] // 1000×12, all video
    [InlineData("openai", "gpt-image-1.5", 1_000, 500, "0.024")] // 1000×8 and 500×32, all images
    [InlineData("groq", "llama-3.1-8b-instant", 0, 0, "0")]
    public void The_reservation_is_the_most_that_the_tokens_can_cost(string provider, string model, long inputTokens, long maxOutputTokens, string expected)
    {
        var sheet = Catalogue.Find(provider, model, null, ExpectedPrices.Today)!;
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), PriceCalculator.EstimateMaxUsd(sheet, inputTokens, maxOutputTokens));
    }

    [Theory]
    [InlineData("text-embedding-3-small", 1, 1)]
    [InlineData("whisper-1", 1, 0)]
    public void Tokens_that_have_no_price_cannot_be_reserved(string model, long inputTokens, long maxOutputTokens)
    {
        Assert.Null(PriceCalculator.EstimateMaxUsd(Catalogue.Find("openai", model, null, ExpectedPrices.Today)!, inputTokens, maxOutputTokens));
    }

    [Theory]
    [InlineData(null, "0.002625")] // 1000×.75 + 500×3.75
    [InlineData("priority", "0.004725")] // 1000×1.35 + 500×6.75
    [InlineData("flex", "0.002625")] // may be served as standard
    public void A_dearer_tier_reserves_more_and_a_cheaper_one_not_less(string? requestedTier, string expected)
    {
        var sheet = Catalogue.Find("gemini", "gemini-3.8-flash", null, ExpectedPrices.Today)!;
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), PriceCalculator.EstimateMaxUsd(sheet, 1_000, 500, requestedTier));
    }

    [Fact]
    public void A_requested_tier_without_a_price_cannot_be_reserved()
    {
        Assert.Null(PriceCalculator.EstimateMaxUsd(Catalogue.Find("openai", "gpt-5.5", null, ExpectedPrices.Today)!, 1, 1, "priority"));
    }

    [Fact]
    public void Negative_counts_are_a_mistake_of_the_caller()
    {
        var sheet = Catalogue.Find("openai", "gpt-4o", null, ExpectedPrices.Today)!;
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceCalculator.EstimateMaxUsd(sheet, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceCalculator.EstimateMaxUsd(sheet, 0, -1));
    }
}
