using Aistrale.Core.Pricing;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class PricingPropertyTests
{
    // Enough to meet each of the hundred rows many times.
    private const int Samples = 10_000;

    private static readonly PriceSheet[] Sheets = [.. PriceCatalogue.ReadEmbedded().Select(entry => new PriceSheet(entry))];

    // A pair of quantities for each unit, most of them zero, so that every combination of units comes up.
    private static readonly Gen<long> Quantity = Gen.Frequency((2, Gen.Const(0L)), (3, Gen.Long[1, 50_000]));
    private static readonly Gen<long[]> Quantities = Quantity.Array[Enum.GetValues<PriceUnit>().Length];

    [Fact]
    public void A_cost_is_never_negative_and_always_the_sum_of_its_rows() =>
        Gen.Select(Gen.OneOf(Sheets), Quantities).Sample((sheet, quantities) =>
        {
            var priced = PriceCalculator.Price(sheet, PricedOnly(sheet, quantities));
            Assert.NotNull(priced.CostUsd);
            Assert.True(priced.CostUsd >= 0);
            Assert.Equal(priced.CostUsd, priced.Rows.Sum(row => row.CostUsd));
            Assert.All(priced.Rows, row => Assert.True(row.Quantity > 0 && decimal.Round(row.CostUsd, 12) == row.CostUsd));
        }, iter: Samples);

    [Fact]
    public void Using_more_of_anything_never_costs_less() =>
        Gen.Select(Gen.OneOf(Sheets), Quantities, Gen.OneOf(Enum.GetValues<PriceUnit>()), Gen.Long[1, 300_000]).Sample((sheet, quantities, unit, more) =>
        {
            var increased = (long[])quantities.Clone();
            increased[(int)unit] += more;
            var before = PriceCalculator.Price(sheet, PricedOnly(sheet, quantities)).CostUsd;
            var after = PriceCalculator.Price(sheet, PricedOnly(sheet, increased)).CostUsd;
            Assert.True(after >= before, $"{sheet.Provider}/{sheet.Model}: {unit} +{more}: {before} -> {after}");
            if (IsPriced(sheet, unit) && unit != PriceUnit.AudioInputSecond)
            {
                Assert.True(after > before, $"{sheet.Provider}/{sheet.Model}: {more} more {unit} were free");
            }
        }, iter: Samples);

    [Fact]
    public void Two_calls_cost_what_their_sum_costs_within_one_tier() =>
        Gen.Select(Gen.OneOf(Sheets), Quantities, Quantities).Sample((sheet, one, other) =>
        {
            // Twice 9 input units of at most 10,000 tokens stay below the lowest boundary of 200,000.
            one = [.. one.Select(q => q / 5)];
            other = [.. other.Select(q => q / 5)];
            // Audio time is rounded per call.
            one[(int)PriceUnit.AudioInputSecond] = other[(int)PriceUnit.AudioInputSecond] = 0;
            var sum = one.Zip(other, (a, b) => a + b).ToArray();
            decimal Cost(long[] quantities) => PriceCalculator.Price(sheet, PricedOnly(sheet, quantities)).CostUsd!.Value;
            Assert.Equal(Cost(one) + Cost(other), Cost(sum));
        }, iter: Samples);

    [Fact]
    public void A_reservation_covers_whatever_its_tokens_turn_out_to_be() =>
        Gen.Select(Gen.OneOf(Sheets), Quantities).Sample((sheet, quantities) =>
        {
            quantities = (long[])quantities.Clone();
            quantities[(int)PriceUnit.WebSearch] = quantities[(int)PriceUnit.FileSearch] = quantities[(int)PriceUnit.AudioInputSecond] = 0;
            var usage = PricedOnly(sheet, quantities);
            var cost = PriceCalculator.Price(sheet, usage).CostUsd;
            var reserved = PriceCalculator.EstimateMaxUsd(sheet, usage.InputTokens ?? 0, usage.OutputTokens ?? 0);
            Assert.True(reserved >= cost, $"{sheet.Provider}/{sheet.Model}: {reserved} < {cost}");
        }, iter: Samples);

    [Fact]
    public void Whatever_a_provider_reports_is_priced_or_explained()
    {
        // Mostly what providers send, now and then nonsense: many counts at once would be nonsense only.
        var anything = Gen.Frequency<long>((1, Gen.Long), (40, Gen.Long[0, 100_000])).Nullable().Array[16];
        Gen.Select(Gen.OneOf(Sheets), anything).Sample((sheet, q) =>
        {
            var usage = new UsageQuantities
            {
                InputTokens = q[0],
                CachedInputTokens = q[1],
                CachedAudioInputTokens = q[2],
                CachedImageInputTokens = q[3],
                CacheWrite5mTokens = q[4],
                CacheWrite1hTokens = q[5],
                AudioInputTokens = q[6],
                ImageInputTokens = q[7],
                VideoInputTokens = q[8],
                OutputTokens = q[9],
                ReasoningTokens = q[10],
                AudioOutputTokens = q[11],
                ImageOutputTokens = q[12],
                WebSearches = q[13],
                FileSearches = q[14],
                AudioInputSeconds = q[15],
            };
            var priced = PriceCalculator.Price(sheet, usage);
            Assert.Equal(priced.CostUsd is null, priced.Unpriced is not null);
            Assert.Equal(priced.CostUsd is null, priced.Detail is not null);
            Assert.True(priced.CostUsd is null or >= 0);
        }, iter: Samples);
    }

    private static UsageQuantities PricedOnly(PriceSheet sheet, long[] quantities) =>
        UsageBuilder.Of([.. quantities.Select((quantity, unit) => (PriceUnits.Name((PriceUnit)unit), IsPriced(sheet, (PriceUnit)unit) ? quantity : 0))]);

    private static bool IsPriced(PriceSheet sheet, PriceUnit unit) => sheet.Standard.ForInput(0).UsdPerUnit(unit) is not null;
}
