using Aistrale.Core.Pricing;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class PriceCalculatorTests
{
    private static readonly PriceCatalogue Catalogue = PriceCatalogue.LoadEmbedded();

    // The one answer that all four dialects report in their own way: 20 in, 16 of them cached, 9 out, 4 of them reasoning.
    private static readonly UsageQuantities Canonical = new() { InputTokens = 20, CachedInputTokens = 16, OutputTokens = 9, ReasoningTokens = 4 };

    [Theory]
    [InlineData("openai", "gpt-4o-mini", "0.000007200000")] // 4×.15 + 16×.075 + 9×.6
    [InlineData("openai", "gpt-6-sol", "0.000101200000")] // 4×2 + 16×.2 + 9×10
    [InlineData("anthropic", "claude-haiku-4-5", "0.000050600000")] // 4×1 + 16×.1 + 9×5
    [InlineData("gemini", "gemini-2.5-flash", "0.000024180000")] // 4×.3 + 16×.03 + 9×2.5
    [InlineData("groq", "openai/gpt-oss-20b", "0.000003600000")] // 4×.075 + 16×.0375 + 9×.3
    [InlineData("groq", "llama-3.3-70b-versatile", "0.000018910000")] // 20×.59 + 9×.79: Groq lists no cached rate for it
    public void The_canonical_usage_costs_the_same_to_twelve_digits_whatever_dialect_reported_it(string provider, string model, string expected)
    {
        Assert.Equal(Usd(expected), Price(provider, model, Canonical).CostUsd);
    }

    [Theory]
    [InlineData("openai/gpt-oss-120b:novita", "0.000003250000")] // 20×.05 + 9×.25
    [InlineData("openai/gpt-oss-120b:groq", "0.000009750000")] // 20×.15 + 9×.75
    public void The_same_model_costs_what_its_serving_provider_takes(string model, string expected)
    {
        Assert.Equal(Usd(expected), Price("huggingface", model, Canonical with { CachedInputTokens = null }).CostUsd);
    }

    [Fact]
    public void A_long_conversation_is_exact_to_the_last_digit()
    {
        var usage = new UsageQuantities { InputTokens = 123_457 + 65_537, CachedInputTokens = 65_537, OutputTokens = 7_919, ReasoningTokens = 7_001 };
        // 123457×.075 + 65537×.0375 + 7919×.3 = 9259.275 + 2457.6375 + 2375.7
        Assert.Equal(0.0140926125m, Price("groq", "openai/gpt-oss-20b", usage).CostUsd);
    }

    [Fact]
    public void Both_cache_write_lifetimes_in_one_answer_have_their_own_price()
    {
        var usage = new UsageQuantities { InputTokens = 100_000, CachedInputTokens = 70_000, CacheWrite5mTokens = 12_345, CacheWrite1hTokens = 6_789, OutputTokens = 2_222 };
        var priced = Price("anthropic", "claude-opus-5-5", usage);
        // 10866×4 + 70000×.2 + 12345×5 + 6789×8 + 2222×20
        Assert.Equal(0.217941m, priced.CostUsd);
        Assert.Equal(
            [("input", 10_866, 0.043464m), ("cached_input", 70_000, 0.014m), ("cache_write_5m", 12_345, 0.061725m), ("cache_write_1h", 6_789, 0.054312m), ("output", 2_222, 0.04444m)],
            priced.Rows.Select(r => (r.Unit, r.Quantity, r.CostUsd)));
    }

    [Theory]
    [InlineData("openai", "gpt-6-astra", 271_998, "2.769980")] // last boundary at 271999, exclusive
    [InlineData("openai", "gpt-6-astra", 271_999, "2.769990")]
    [InlineData("openai", "gpt-6-astra", 272_000, "5.515000")]
    [InlineData("openai", "gpt-5.5", 271_999, "1.389995")]
    [InlineData("openai", "gpt-5.5", 272_000, "2.765000")]
    [InlineData("openai", "gpt-5.5", 272_001, "2.765010")]
    [InlineData("openai", "gpt-6-sol", 271_999, "0.553998")] // boundary at 272000, exclusive
    [InlineData("openai", "gpt-6-sol", 272_000, "0.554000")]
    [InlineData("openai", "gpt-6-sol", 272_001, "1.103004")]
    [InlineData("gemini", "gemini-2.5-pro", 199_999, "0.25999875")]
    [InlineData("gemini", "gemini-2.5-pro", 200_000, "0.260000")]
    [InlineData("gemini", "gemini-2.5-pro", 200_001, "0.5150025")]
    public void The_context_tier_begins_exactly_where_the_vendor_says_and_reprices_input_and_output(string provider, string model, long inputTokens, string expected)
    {
        var usage = new UsageQuantities { InputTokens = inputTokens, OutputTokens = 1_000 };
        Assert.Equal(Usd(expected), Price(provider, model, usage).CostUsd);
    }

    [Theory]
    [InlineData(200_000, "0.0750027")] // 1×3 + 199999×.3 + 1000×15
    [InlineData(200_001, "0.142506")] // 1×6 + 200000×.6 + 1000×22.5
    public void Cached_tokens_count_towards_the_context_tier(long inputTokens, string expected)
    {
        var usage = new UsageQuantities { InputTokens = inputTokens, CachedInputTokens = inputTokens - 1, OutputTokens = 1_000 };
        Assert.Equal(Usd(expected), Price("anthropic", "claude-sonnet-4-5", usage).CostUsd);
    }

    [Fact]
    public void An_inclusive_boundary_belongs_to_the_tier()
    {
        var sheet = new PriceSheet(TestEntry.Plain with
        {
            Standard = new PriceListing(TestEntry.Usd(("input", 1m), ("output", 1m)), [new ContextTierListing(200_000, true, TestEntry.Usd(("input", 2m), ("output", 2m)))]),
        });
        Assert.Equal(0.199999m, PriceCalculator.Price(sheet, new UsageQuantities { InputTokens = 199_999, OutputTokens = 0 }).CostUsd);
        Assert.Equal(0.4m, PriceCalculator.Price(sheet, new UsageQuantities { InputTokens = 200_000, OutputTokens = 0 }).CostUsd);
    }

    [Fact]
    public void The_highest_context_tier_that_is_passed_applies()
    {
        var sheet = new PriceSheet(TestEntry.Plain with
        {
            Standard = new PriceListing(
                TestEntry.Usd(("input", 1m), ("output", 1m)),
                [new ContextTierListing(100, false, TestEntry.Usd(("input", 2m), ("output", 2m))), new ContextTierListing(200, false, TestEntry.Usd(("input", 3m), ("output", 3m)))]),
        });
        decimal? CostOf(long tokens) => PriceCalculator.Price(sheet, new UsageQuantities { InputTokens = tokens, OutputTokens = 0 }).CostUsd;
        Assert.Equal([0.0001m, 0.0004m, 0.0009m], [CostOf(100), CostOf(200), CostOf(300)]);
    }

    [Theory]
    [InlineData(null, "0.00525")]
    [InlineData("", "0.00525")]
    [InlineData("standard", "0.00525")]
    [InlineData("STANDARD", "0.00525")]
    [InlineData("default", "0.00525")]
    [InlineData("batch", "0.002625")]
    [InlineData("flex", "0.002625")]
    [InlineData("FLEX", "0.002625")]
    [InlineData("priority", "0.00945")]
    public void The_served_tier_chooses_the_listed_price(string? servedTier, string expected)
    {
        // 2000 fresh, 10000 cached, 800 out
        var usage = new UsageQuantities { InputTokens = 12_000, CachedInputTokens = 10_000, OutputTokens = 800 };
        Assert.Equal(Usd(expected), Price("gemini", "gemini-3.8-flash", usage, servedTier).CostUsd);
    }

    [Theory]
    [InlineData("gemini-3.8-flash")]
    [InlineData("gemini-3.7-flash")]
    [InlineData("gemini-3.6-flash")]
    public void Listed_tier_prices_change_with_the_standard_price(string model)
    {
        // 1000 fresh, 10000 cached, 100 out: each digit shows which of the three prices is wrong.
        var usage = new UsageQuantities { InputTokens = 11_000, CachedInputTokens = 10_000, OutputTokens = 100 };
        decimal[] CostsAt(DateTimeOffset at) =>
            [.. new[] { null, "batch", "flex", "priority" }.Select(tier => PriceCalculator.Price(Catalogue.Find("gemini", model, null, at)!, usage, tier).CostUsd!.Value)];
        // standard .75/.075/3.75, half, half, 1.35/.135/6.75
        Assert.Equal([0.001875m, 0.0009375m, 0.0009375m, 0.003375m], CostsAt(ExpectedPrices.Today));
        // standard 1.5/.15/7.5, half, half, 2.7/.27/13.5
        Assert.Equal([0.00375m, 0.001875m, 0.001875m, 0.00675m], CostsAt(ExpectedPrices.NewYear));
    }

    [Theory]
    [InlineData("openai", "gpt-5.5", "priority")]
    [InlineData("openai", "gpt-5.5", "flex")]
    [InlineData("anthropic", "claude-haiku-4-5", "batch")]
    [InlineData("groq", "llama-3.1-8b-instant", "performance")]
    public void A_served_tier_without_a_listed_price_leaves_the_call_unpriced(string provider, string model, string servedTier)
    {
        var priced = Price(provider, model, Canonical, servedTier);
        Assert.Null(priced.CostUsd);
        Assert.Equal(UnpricedReason.UnlistedServiceTier, priced.Unpriced);
        Assert.Contains(servedTier, priced.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Groq_bills_flex_like_on_demand()
    {
        Assert.Equal(0.00001891m, Price("groq", "llama-3.3-70b-versatile", Canonical, "flex").CostUsd);
        Assert.Equal(0.00001891m, Price("groq", "llama-3.3-70b-versatile", Canonical, "on_demand").CostUsd);
    }

    [Fact]
    public void Searches_cost_the_same_in_every_tier_of_the_token_price()
    {
        var sheet = Catalogue.Find("openai", "gpt-6-sol", null, ExpectedPrices.Today)!;
        var searches = new UsageQuantities { InputTokens = 0, OutputTokens = 0, WebSearches = 3, FileSearches = 2 };
        Assert.Equal(0.035m, PriceCalculator.Price(sheet, searches).CostUsd);
        Assert.Equal(0.035m + 1.2m, PriceCalculator.Price(sheet, searches with { InputTokens = 300_000 }).CostUsd);
    }

    [Fact]
    public void Searches_in_a_service_tier_keep_their_price()
    {
        var sheet = new PriceSheet(TestEntry.Plain with
        {
            Standard = new PriceListing(TestEntry.Usd(("input", 1m), ("output", 1m), ("web_search", 10m)), []),
            ServiceTiers = new Dictionary<string, PriceListing> { ["flex"] = new(TestEntry.Usd(("input", .5m), ("output", .5m)), []) },
        });
        Assert.Equal(0.01m + 0.0005m, PriceCalculator.Price(sheet, new UsageQuantities { InputTokens = 1_000, OutputTokens = 0, WebSearches = 1 }, "flex").CostUsd);
    }

    [Fact]
    public void Reasoning_is_billed_as_output_unless_it_is_listed()
    {
        var usage = new UsageQuantities { InputTokens = 0, OutputTokens = 1_000, ReasoningTokens = 400 };
        var listed = new PriceSheet(TestEntry.Plain with { Standard = new PriceListing(TestEntry.Usd(("input", 1m), ("output", 10m), ("reasoning_output", 3m)), []) });
        Assert.Equal(0.0072m, PriceCalculator.Price(listed, usage).CostUsd);
        var priced = Price("openai", "gpt-5", usage);
        Assert.Equal(0.01m, priced.CostUsd);
        Assert.Equal([("output", 600L, 0.00001m), ("reasoning_output", 400L, 0.00001m)], priced.Rows.Select(r => (r.Unit, r.Quantity, r.UsdPerUnit)));
    }

    [Fact]
    public void Each_kind_of_input_is_billed_once_at_its_own_price()
    {
        var usage = new UsageQuantities { InputTokens = 3_000, CachedInputTokens = 600, CachedAudioInputTokens = 400, AudioInputTokens = 1_000, ImageInputTokens = 500, OutputTokens = 10 };
        // 1300×.3 fresh + 200×.03 cached + 400×.1 cached audio + 600×1 audio + 500×.3 image + 10×2.5
        Assert.Equal(0.001211m, Price("gemini", "gemini-2.5-flash", usage).CostUsd);
    }

    [Theory]
    [InlineData("audio_input", "0.00075")]
    [InlineData("image_input", "0.00075")]
    [InlineData("video_input", "0.00075")]
    [InlineData("cached_audio_input", "0.000075")]
    [InlineData("cached_image_input", "0.000075")]
    public void A_kind_of_input_without_a_price_of_its_own_is_billed_at_the_input_or_cached_rate(string unit, string expected)
    {
        Assert.Equal(Usd(expected), Price("gemini", "gemini-3.8-flash", UsageBuilder.Of((unit, 1_000))).CostUsd);
    }

    [Theory]
    [InlineData("audio_input", "cached_audio_input")]
    [InlineData("image_input", "cached_image_input")]
    public void The_text_cache_says_nothing_about_the_cache_of_a_kind_that_is_priced_apart(string listedApart, string unit)
    {
        var sheet = new PriceSheet(TestEntry.Plain with { Standard = new PriceListing(TestEntry.Usd(("input", 1m), ("cached_input", .1m), ("output", 2m), (listedApart, 5m)), []) });
        Assert.Equal(UnpricedReason.UnlistedUnit, PriceCalculator.Price(sheet, UsageBuilder.Of((unit, 1))).Unpriced);
        Assert.Equal(0.005m, PriceCalculator.Price(sheet, UsageBuilder.Of((listedApart, 1_000))).CostUsd);
    }

    [Fact]
    public void Image_models_bill_text_and_images_apart_in_both_directions()
    {
        var usage = new UsageQuantities { InputTokens = 1_000, CachedInputTokens = 300, CachedImageInputTokens = 200, ImageInputTokens = 600, OutputTokens = 5_000, ImageOutputTokens = 4_900 };
        // 300×5 text + 100×1.25 cached + 200×2 cached image + 400×8 image + 100×10 text + 4900×32 image
        Assert.Equal(0.163025m, Price("openai", "gpt-image-1.5", usage).CostUsd);
    }

    [Theory]
    [InlineData("openai", "whisper-1", 90, "0.009")]
    [InlineData("groq", "whisper-large-v3", 100, "0.003083333333")]
    [InlineData("groq", "whisper-large-v3-turbo", 3_600, "0.04")]
    public void Transcription_is_billed_by_time(string provider, string model, long seconds, string expected)
    {
        Assert.Equal(Usd(expected), Price(provider, model, new UsageQuantities { AudioInputSeconds = seconds }).CostUsd);
    }

    [Fact]
    public void Embeddings_need_no_output_count()
    {
        Assert.Equal(0.0000246m, Price("openai", "text-embedding-3-small", new UsageQuantities { InputTokens = 1_230 }).CostUsd);
    }

    [Fact]
    public void Nothing_used_costs_nothing()
    {
        var priced = Price("openai", "gpt-4o", new UsageQuantities { InputTokens = 0, OutputTokens = 0 });
        Assert.Equal(0m, priced.CostUsd);
        Assert.Empty(priced.Rows);
        Assert.Null(priced.Unpriced);
    }

    [Fact]
    public void OpenAI_models_without_a_write_surcharge_bill_cache_writes_as_input()
    {
        var usage = new UsageQuantities { InputTokens = 1_000, CacheWrite5mTokens = 600, OutputTokens = 0 };
        Assert.Equal(0.005m, Price("openai", "gpt-5.5", usage).CostUsd);
        // From the 5.6 family on, a write costs a quarter more.
        Assert.Equal(0.0046m, Price("openai", "gpt-5.6-sol", usage).CostUsd);
    }

    [Theory]
    [InlineData("openai", "gpt-5.5", "cache_write_1h")]
    [InlineData("gemini", "gemini-2.5-flash", "cache_write_5m")]
    [InlineData("gemini", "gemini-2.5-flash", "image_output")]
    [InlineData("openai", "gpt-4o", "audio_output")]
    [InlineData("huggingface", "openai/gpt-oss-120b:novita", "cached_input")]
    [InlineData("huggingface", "openai/gpt-oss-120b:novita", "cache_write_5m")]
    [InlineData("groq", "llama-3.1-8b-instant", "web_search")]
    [InlineData("anthropic", "claude-opus-5", "file_search")]
    [InlineData("gemini", "gemini-embedding-2", "cached_audio_input")]
    [InlineData("openai", "text-embedding-3-small", "output")]
    [InlineData("openai", "gpt-4o", "audio_input_second")]
    public void A_used_unit_without_a_price_leaves_the_call_unpriced_and_is_named(string provider, string model, string unit)
    {
        var priced = Price(provider, model, UsageBuilder.Of(("input", 100), (unit, 1)));
        Assert.Null(priced.CostUsd);
        Assert.Equal(UnpricedReason.UnlistedUnit, priced.Unpriced);
        Assert.Contains(unit, priced.Detail, StringComparison.Ordinal);
        // What is known stays visible.
        Assert.Equal([("input", 100L)], priced.Rows.Select(r => (r.Unit, r.Quantity)));
        Assert.NotNull(Price(provider, model, UsageBuilder.Of(("input", 100))).CostUsd);
    }

    [Theory]
    [InlineData("gpt-4o", null, 5L)]
    [InlineData("gpt-4o", 5L, null)]
    [InlineData("text-embedding-3-small", null, null)]
    [InlineData("whisper-1", null, null)]
    public void An_unreported_total_is_not_zero(string model, long? inputTokens, long? outputTokens)
    {
        var priced = Price("openai", model, new UsageQuantities { InputTokens = inputTokens, OutputTokens = outputTokens });
        Assert.Null(priced.CostUsd);
        Assert.Equal(UnpricedReason.UnreportedQuantity, priced.Unpriced);
    }

    [Fact]
    public void Counts_that_contradict_each_other_are_reported_instead_of_priced()
    {
        var priced = Price("openai", "gpt-4o", new UsageQuantities { InputTokens = 10, CachedInputTokens = 11, OutputTokens = 1 });
        Assert.Null(priced.CostUsd);
        Assert.Equal(UnpricedReason.InconsistentUsage, priced.Unpriced);
        Assert.Contains("11", priced.Detail, StringComparison.Ordinal);
    }

    private static PricedUsage Price(string provider, string model, UsageQuantities usage, string? servedTier = null)
    {
        var sheet = Catalogue.Find(provider, model, null, ExpectedPrices.Today);
        Assert.NotNull(sheet);
        return PriceCalculator.Price(sheet, usage, servedTier);
    }

    private static decimal Usd(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
