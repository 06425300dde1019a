using Aistrale.Core.Pricing;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class CatalogueTableTests
{
    private static readonly PriceCatalogue Catalogue = PriceCatalogue.LoadEmbedded();

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, ExpectedPrices.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_unit_of_a_row_costs_what_the_vendor_lists(int index)
    {
        var row = ExpectedPrices.All[index];
        var sheet = Find(row);
        foreach (var (unit, usd) in row.Base)
        {
            // A tenth of a block: small enough to stay below every context tier.
            var quantity = Block(unit) / 10;
            AssertOneRow(PriceCalculator.Price(sheet, UsageBuilder.Of((unit, quantity))), unit, quantity, usd / 10, row);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_lists_nothing_else(int index)
    {
        var row = ExpectedPrices.All[index];
        var sheet = Find(row);
        var listed = Enum.GetValues<PriceUnit>().Where(unit => sheet.ListedUsd(unit) is not null).Select(PriceUnits.Name);
        Assert.Equal(row.Base.Keys.Order(), listed.Order());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Long_context_reprices_the_whole_request_from_the_first_token_past_the_boundary(int index)
    {
        var row = ExpectedPrices.All[index];
        var sheet = Find(row);
        if (row.LongFrom == 0)
        {
            // No tier: a million tokens cost ten times what a tenth of a million costs.
            Assert.All(row.Base, price => Assert.Equal(price.Value, PriceCalculator.Price(sheet, UsageBuilder.Of((price.Key, Block(price.Key)))).CostUsd));
            return;
        }

        Assert.Equal(row.LongFrom * row.LongContext["input"] / 1_000_000, PriceCalculator.Price(sheet, UsageBuilder.Of(("input", row.LongFrom))).CostUsd);
        Assert.Equal((row.LongFrom - 1) * row.Base["input"] / 1_000_000, PriceCalculator.Price(sheet, UsageBuilder.Of(("input", row.LongFrom - 1))).CostUsd);
        foreach (var (unit, usd) in row.LongContext)
        {
            // Fresh input lifts the request over the boundary, the unit itself follows.
            var priced = PriceCalculator.Price(sheet, UsageBuilder.Of(("input", row.LongFrom), (unit, 1_000)));
            Assert.Equal((row.LongFrom * row.LongContext["input"] / 1_000_000) + (usd / 1_000), priced.CostUsd);
        }
    }

    [Fact]
    public void The_catalogue_has_exactly_the_expected_rows()
    {
        var expected = ExpectedPrices.All.Select(row => row.ToString()).Order();
        var instants = ExpectedPrices.All.Select(row => row.At).Distinct().ToList();
        var found = PriceCatalogue.ReadEmbedded().Select(entry => new PriceSheet(entry)).Select(sheet =>
        {
            var at = instants.Where(sheet.IsValidAt).OrderBy(instant => instant != ExpectedPrices.Today).First();
            return $"{sheet.Provider}/{sheet.Model}{(sheet.ServedBy is null ? "" : $":{sheet.ServedBy}")} at {at:yyyy-MM-dd}";
        });
        Assert.Equal(expected, found.Order());
    }

    [Fact]
    public void Every_row_names_its_source_and_the_day_it_was_fetched()
    {
        Assert.All(PriceCatalogue.ReadEmbedded(), entry => Assert.Equal("genai-prices 0.1.8, 2026-11-23", new PriceSheet(entry).SourceLabel));
    }

    [Theory]
    [InlineData("anthropic", "claude-opus-5-5", 1_000_000L, 128_000L)]
    [InlineData("anthropic", "claude-opus-4-5", 200_000L, 64_000L)]
    [InlineData("anthropic", "claude-opus-4-1", 200_000L, 32_000L)]
    [InlineData("anthropic", "claude-sonnet-4-5", 200_000L, 64_000L)]
    [InlineData("anthropic", "claude-haiku-4-5", 200_000L, 64_000L)]
    [InlineData("anthropic", "claude-3-5-haiku", 200_000L, 8_192L)]
    [InlineData("openai", "gpt-6-astra", 1_050_000L, 128_000L)]
    [InlineData("openai", "gpt-4o-mini", 128_000L, 16_384L)]
    [InlineData("openai", "text-embedding-3-small", 8_192L, null)]
    [InlineData("gemini", "gemini-2.5-flash", 1_048_576L, 65_536L)]
    [InlineData("groq", "llama-3.3-70b-versatile", 131_072L, 32_768L)]
    [InlineData("huggingface", "openai/gpt-oss-120b", 131_072L, null)]
    // Novita serves half the context of the others; the router may choose it.
    [InlineData("huggingface", "Qwen/Qwen3-235B-A22B-Instruct-2507", 131_072L, null)]
    public void Limits_are_those_of_the_vendor_and_unknown_ones_stay_null(string provider, string model, long? contextTokens, long? maxOutputTokens)
    {
        var found = Catalogue.FindModel(provider, model);
        Assert.NotNull(found);
        Assert.Equal(contextTokens, found.ContextTokens);
        Assert.Equal(maxOutputTokens, found.MaxOutputTokens);
    }

    private static PriceSheet Find(ExpectedRow row)
    {
        var sheet = Catalogue.Find(row.Provider, row.Model, row.ServedBy, row.At);
        Assert.NotNull(sheet);
        return sheet;
    }

    private static long Block(string unit)
    {
        Assert.True(PriceUnits.TryParse(unit, out var parsed));
        return PriceUnits.BlockSize(parsed);
    }

    // Token models also report the totals that they bill; zeros make no rows.
    private static void AssertOneRow(PricedUsage priced, string unit, long quantity, decimal costUsd, ExpectedRow row)
    {
        Assert.Equal(costUsd, priced.CostUsd);
        var only = Assert.Single(priced.Rows);
        Assert.Equal((unit, quantity, costUsd), (only.Unit, only.Quantity, only.CostUsd));
        Assert.Equal("genai-prices 0.1.8, 2026-11-23", only.Source);
        Assert.True(row.Base[unit] / Block(unit) == only.UsdPerUnit, $"{row}: {unit}");
    }
}
