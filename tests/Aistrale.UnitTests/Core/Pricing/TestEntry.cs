using Aistrale.Core.Pricing;

namespace Aistrale.UnitTests.Core.Pricing;

/// <summary>Rows for tests that are about the rules and not about a vendor.</summary>
internal static class TestEntry
{
    public static readonly PriceEntry Plain = new()
    {
        Provider = "openai",
        Model = "test-model",
        Standard = new PriceListing(Usd(("input", 1m), ("output", 2m)), []),
        Source = "test",
        FetchedAt = new DateOnly(2026, 11, 23),
    };

    public static IReadOnlyDictionary<string, decimal> Usd(params (string Unit, decimal Price)[] prices) => prices.ToDictionary(p => p.Unit, p => p.Price);

    public static PriceEntry Costing(this PriceEntry entry, decimal inputUsd) => entry with { Standard = new PriceListing(Usd(("input", inputUsd), ("output", 2m)), []) };
}
