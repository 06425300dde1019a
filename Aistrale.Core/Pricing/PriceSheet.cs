using System.Collections.Frozen;

namespace Aistrale.Core.Pricing;

/// <summary>The prices that apply to one model at one instant, ready to multiply.</summary>
public sealed class PriceSheet
{
    // "auto" is a wish, not a tier: a provider that echoes it has not said what it served.
    private static readonly FrozenSet<string> StandardNames =
        new[] { "standard", "default", "on_demand", "auto" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly PriceEntry _entry;
    private readonly FrozenDictionary<string, TieredPrices> _serviceTiers;

    internal PriceSheet(PriceEntry entry)
    {
        _entry = entry;
        var chargedAs = entry.ChargedAs.ToDictionary(c => Unit(c.Key), c => Unit(c.Value));
        Standard = new TieredPrices(entry.Standard, entry.Standard, chargedAs);
        // One instance for the standard list, so that the common case compares no strings beyond the tier's name.
        _serviceTiers = entry.ServiceTiers
            .Select(tier => KeyValuePair.Create(tier.Key, new TieredPrices(tier.Value, entry.Standard, chargedAs)))
            .Concat(entry.StandardTiers.Select(name => KeyValuePair.Create(name, Standard)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        SourceLabel = FormattableString.Invariant($"{entry.Source}, {entry.FetchedAt:yyyy-MM-dd}");
    }

    public string Provider => _entry.Provider;

    public string Model => _entry.Model;

    public string? ServedBy => _entry.ServedBy;

    public DateTimeOffset? ValidFrom => _entry.ValidFrom;

    public DateTimeOffset? ValidTo => _entry.ValidTo;

    public long? ContextTokens => _entry.ContextTokens;

    public long? MaxOutputTokens => _entry.MaxOutputTokens;

    public string Source => _entry.Source;

    public DateOnly FetchedAt => _entry.FetchedAt;

    /// <summary>Source and date in one string, as each priced row carries it.</summary>
    public string SourceLabel { get; }

    internal TieredPrices Standard { get; }

    internal IEnumerable<TieredPrices> ServiceTiers => _serviceTiers.Values;

    /// <summary>The listed standard price below every context tier, per million tokens, thousand uses or hour; null = not listed.</summary>
    public decimal? ListedUsd(PriceUnit unit) => _entry.Standard.Usd.TryGetValue(PriceUnits.Name(unit), out var usd) ? usd : null;

    public bool IsValidAt(DateTimeOffset at) => (ValidFrom is null || ValidFrom <= at) && (ValidTo is null || at < ValidTo);

    /// <summary>The list of the tier that was served; null when that tier has no listed price.</summary>
    internal TieredPrices? ForServiceTier(string? servedTier) =>
        string.IsNullOrEmpty(servedTier) || StandardNames.Contains(servedTier) ? Standard : _serviceTiers.GetValueOrDefault(servedTier);

    internal static bool IsStandardTier(string name) => StandardNames.Contains(name);

    private static PriceUnit Unit(string name) => PriceUnits.TryParse(name, out var unit) ? unit : throw new PriceDataException($"\"{name}\" is not a price unit.");
}
