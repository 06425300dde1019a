namespace Aistrale.Core.Pricing;

/// <summary>Multiplies what was used by what it costs, in decimals, without ever counting an unknown price or quantity as 0.</summary>
public static class PriceCalculator
{
    /// <param name="sheet">The prices at the instant the call started.</param>
    /// <param name="usage">The canonical quantities.</param>
    /// <param name="servedTier">The service tier that the provider says it served, never the one that was asked for; null = it said nothing.</param>
    public static PricedUsage Price(PriceSheet sheet, UsageQuantities usage, string? servedTier = null)
    {
        Span<long> leaves = stackalloc long[PriceUnits.Count];
        if (UsageLeaves.Split(usage, leaves) is { } contradiction)
        {
            return new PricedUsage(null, [], UnpricedReason.InconsistentUsage, contradiction);
        }

        if (sheet.ForServiceTier(servedTier) is not { } tier)
        {
            return new PricedUsage(null, [], UnpricedReason.UnlistedServiceTier, $"{sheet.Provider}/{sheet.Model} has no listed price for the service tier \"{servedTier}\".");
        }

        // An unreported total cannot choose a context tier; where input is billed, that call ends without a cost below.
        var prices = tier.ForInput(usage.InputTokens ?? 0);
        var rows = new PriceRow[CountPriced(prices, leaves)];
        var cost = 0m;
        var next = 0;
        PriceUnit? unlisted = null;
        for (var unit = default(PriceUnit); (int)unit < leaves.Length; unit++)
        {
            var quantity = leaves[(int)unit];
            if (quantity == 0)
            {
                continue;
            }

            if (prices.Cost(unit, quantity) is not { } rowCost)
            {
                unlisted ??= unit;
                continue;
            }

            cost += rowCost;
            rows[next++] = new PriceRow(PriceUnits.Name(unit), quantity, prices.UsdPerUnit(unit)!.Value, rowCost, sheet.SourceLabel);
        }

        if (unlisted is { } missing)
        {
            return new PricedUsage(null, rows, UnpricedReason.UnlistedUnit, $"{sheet.Provider}/{sheet.Model} has no listed price for {PriceUnits.Name(missing)}.");
        }

        return FindUnreported(prices, usage) is { } total
            ? new PricedUsage(null, rows, UnpricedReason.UnreportedQuantity, $"{sheet.Provider} did not report the {total} of this call.")
            : new PricedUsage(cost, rows, null, null);
    }

    /// <summary>The most that a standard-tier call can cost in tokens: see the overload.</summary>
    public static decimal? EstimateMaxUsd(PriceSheet sheet, long inputTokens, long maxOutputTokens) =>
        EstimateMaxUsd(sheet, inputTokens, maxOutputTokens, requestedTier: null);

    /// <summary>
    /// What to reserve before a call: at least what its tokens can cost, given that the counts are not exceeded, and null when that is unknown.
    /// Input counts at its dearest kind, because nobody knows beforehand what the provider will write to its cache.
    /// Searches are not included: their number is known only afterwards.
    /// </summary>
    public static decimal? EstimateMaxUsd(PriceSheet sheet, long inputTokens, long maxOutputTokens, string? requestedTier)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(maxOutputTokens);
        if (sheet.ForServiceTier(requestedTier) is not { } requested || Estimate(requested, inputTokens, maxOutputTokens) is not { } asked)
        {
            return null;
        }

        // A provider may serve the standard tier instead of the one that was asked for.
        return Estimate(sheet.Standard, inputTokens, maxOutputTokens) is { } standard ? Math.Max(asked, standard) : asked;
    }

    private static decimal? Estimate(TieredPrices tier, long inputTokens, long maxOutputTokens)
    {
        var prices = tier.ForInput(inputTokens);
        var inputUsd = Dearest(prices, PriceUnit.Input, PriceUnit.VideoInput);
        var outputUsd = Dearest(prices, PriceUnit.Output, PriceUnit.ImageOutput);
        if ((inputUsd is null && inputTokens > 0) || (outputUsd is null && maxOutputTokens > 0))
        {
            return null;
        }

        return (inputTokens * (inputUsd ?? 0)) + (maxOutputTokens * (outputUsd ?? 0));
    }

    private static decimal? Dearest(UnitPrices prices, PriceUnit first, PriceUnit last)
    {
        var dearest = prices.UsdPerUnit(first);
        for (var unit = first; dearest is not null && unit <= last; unit++)
        {
            dearest = Math.Max(dearest.Value, prices.UsdPerUnit(unit) ?? 0);
        }

        return dearest;
    }

    private static string? FindUnreported(UnitPrices prices, UsageQuantities usage) =>
        usage.InputTokens is null && prices.UsdPerUnit(PriceUnit.Input) is not null ? "input tokens"
        : usage.OutputTokens is null && prices.UsdPerUnit(PriceUnit.Output) is not null ? "output tokens"
        : usage.AudioInputSeconds is null && prices.UsdPerUnit(PriceUnit.AudioInputSecond) is not null ? "audio seconds"
        : null;

    private static int CountPriced(UnitPrices prices, ReadOnlySpan<long> leaves)
    {
        var count = 0;
        for (var unit = default(PriceUnit); (int)unit < leaves.Length; unit++)
        {
            count += leaves[(int)unit] != 0 && prices.UsdPerUnit(unit) is not null ? 1 : 0;
        }

        return count;
    }
}
