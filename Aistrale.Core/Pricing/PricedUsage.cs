namespace Aistrale.Core.Pricing;

/// <summary>One priced part of a call: <paramref name="Quantity"/> single tokens, uses or seconds at <paramref name="UsdPerUnit"/> each.</summary>
public sealed record PriceRow(string Unit, long Quantity, decimal UsdPerUnit, decimal CostUsd, string Source);

/// <summary>Why a call has no cost.</summary>
public enum UnpricedReason
{
    /// <summary>Something was used that the price list does not name.</summary>
    UnlistedUnit,

    /// <summary>The tier that was served has no listed price.</summary>
    UnlistedServiceTier,

    /// <summary>The provider did not report a total that is billed.</summary>
    UnreportedQuantity,

    /// <summary>The reported counts contradict each other.</summary>
    InconsistentUsage,
}

/// <summary>What a call cost. A null <paramref name="CostUsd"/> means unpriced, never free; then <paramref name="Unpriced"/> and <paramref name="Detail"/> say why.</summary>
/// <param name="CostUsd">The exact sum of the rows, or null.</param>
/// <param name="Rows">The parts that could be priced, also when the whole could not.</param>
/// <param name="Unpriced">Null when there is a cost.</param>
/// <param name="Detail">One sentence for alerts; null when there is a cost.</param>
public sealed record PricedUsage(decimal? CostUsd, IReadOnlyList<PriceRow> Rows, UnpricedReason? Unpriced, string? Detail);
