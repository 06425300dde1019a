namespace Aistrale.Core.Pricing;

/// <summary>One price list with its context tiers.</summary>
internal sealed class TieredPrices
{
    private readonly UnitPrices _base;

    // Highest boundary first: the first one passed is the one that applies.
    private readonly (long BoundaryTokens, bool Inclusive, UnitPrices Prices)[] _tiers;

    public TieredPrices(PriceListing listing, PriceListing standard, IReadOnlyDictionary<PriceUnit, PriceUnit> chargedAs)
    {
        _base = UnitPrices.From(listing.Usd, standard.Usd, chargedAs);
        _tiers =
        [
            .. listing.ContextTiers
                .OrderByDescending(tier => tier.BoundaryTokens)
                .Select(tier => (tier.BoundaryTokens, tier.Inclusive, UnitPrices.From(tier.Usd, standard.Usd, chargedAs))),
        ];
    }

    /// <summary>The prices for the whole request, chosen by its total input including cache.</summary>
    public UnitPrices ForInput(long totalInputTokens)
    {
        foreach (var (boundary, inclusive, prices) in _tiers)
        {
            if (totalInputTokens > boundary || (inclusive && totalInputTokens == boundary))
            {
                return prices;
            }
        }

        return _base;
    }
}

/// <summary>What each unit costs when units without a price of their own are billed as the unit that contains them.</summary>
internal sealed class UnitPrices
{
    private readonly decimal?[] _usdPerBlock;
    private readonly decimal?[] _usdPerUnit;

    private UnitPrices(decimal?[] usdPerBlock)
    {
        _usdPerBlock = usdPerBlock;
        _usdPerUnit = [.. usdPerBlock.Select((usd, unit) => usd / PriceUnits.BlockSize((PriceUnit)unit))];
    }

    /// <summary>A tier lists every token price, checked on load; what is billed per use costs the same in every tier.</summary>
    public static UnitPrices From(IReadOnlyDictionary<string, decimal> usd, IReadOnlyDictionary<string, decimal> standardUsd, IReadOnlyDictionary<PriceUnit, PriceUnit> chargedAs)
    {
        var listed = new decimal?[PriceUnits.Count];
        for (var unit = default(PriceUnit); (int)unit < listed.Length; unit++)
        {
            var name = PriceUnits.Name(unit);
            if (usd.TryGetValue(name, out var price) || standardUsd.TryGetValue(name, out price))
            {
                listed[(int)unit] = price;
            }
        }

        return new UnitPrices(FillIn(listed, chargedAs));
    }

    public decimal? UsdPerUnit(PriceUnit unit) => _usdPerUnit[(int)unit];

    /// <summary>Exact for tokens and uses; audio time, whose price per second has no end, is rounded at the twelfth digit.</summary>
    public decimal? Cost(PriceUnit unit, long quantity)
    {
        if (_usdPerBlock[(int)unit] is not { } usdPerBlock)
        {
            return null;
        }

        return unit == PriceUnit.AudioInputSecond
            ? decimal.Round(quantity * usdPerBlock / PriceUnits.BlockSize(unit), 12, MidpointRounding.AwayFromZero)
            : quantity * _usdPerUnit[(int)unit];
    }

    private static decimal?[] FillIn(decimal?[] listed, IReadOnlyDictionary<PriceUnit, PriceUnit> chargedAs)
    {
        var filled = (decimal?[])listed.Clone();
        foreach (var (unit, asUnit) in chargedAs)
        {
            filled[(int)unit] ??= listed[(int)asUnit];
        }

        // A price list names an input kind only where it differs; the rate called "input" covers the others.
        BillAs(PriceUnit.AudioInput, PriceUnit.Input);
        BillAs(PriceUnit.ImageInput, PriceUnit.Input);
        BillAs(PriceUnit.VideoInput, PriceUnit.Input);
        BillAs(PriceUnit.ReasoningOutput, PriceUnit.Output);

        // Where audio or images have an input price of their own, the text cache's price says nothing about theirs.
        if (listed[(int)PriceUnit.AudioInput] is null)
        {
            BillAs(PriceUnit.CachedAudioInput, PriceUnit.CachedInput);
        }

        if (listed[(int)PriceUnit.ImageInput] is null)
        {
            BillAs(PriceUnit.CachedImageInput, PriceUnit.CachedInput);
        }

        // Audio and image output, cache writes and cached input are never billed as their whole by default:
        // they cost a multiple or a fraction of it, and a guess would be a wrong total.
        return filled;

        void BillAs(PriceUnit unit, PriceUnit asUnit) => filled[(int)unit] ??= filled[(int)asUnit];
    }
}
