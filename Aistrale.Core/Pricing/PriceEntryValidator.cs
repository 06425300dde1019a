using Aistrale.Contracts;

namespace Aistrale.Core.Pricing;

/// <summary>Refuses price data that would give a wrong cost; every message begins with the row.</summary>
internal static class PriceEntryValidator
{
    /// <summary>A cost shows at most 12 fractional digits, so the price of a single unit may not have more.</summary>
    private const int CostDigits = 12;

    // Far above any real price: a row written in the wrong unit is found, and no multiplication overflows.
    private const decimal MostUsd = 100_000;

    /// <summary>Checks one layer: its rows alone and against each other. Rows of different layers may overlap, that is what layers are for.</summary>
    public static void Check(IReadOnlyList<PriceEntry> layer)
    {
        foreach (var entry in layer)
        {
            CheckIdentity(entry);
            CheckListing(entry, entry.Standard, "");
            CheckServiceTiers(entry);
            CheckChargedAs(entry);
        }

        CheckIntervals(layer);
        CheckNames(layer);
    }

    private static void CheckIdentity(PriceEntry entry)
    {
        Require(Providers.All.Contains(entry.Provider), entry, $"\"{entry.Provider}\" is not a provider; use one of {string.Join(", ", Providers.All)}.");
        Require(!string.IsNullOrWhiteSpace(entry.Model), entry, "the model has no name.");
        Require(!string.IsNullOrWhiteSpace(entry.Source), entry, "say where the price comes from in \"source\".");
        Require(entry.ServedBy is null || entry.Provider == Providers.HuggingFace, entry, "only huggingface rows have \"servedBy\".");
        Require(entry.ServedBy != "", entry, "\"servedBy\" is empty; leave it out instead.");
        Require(entry.Provider != Providers.HuggingFace || !entry.Model.Contains(':', StringComparison.Ordinal), entry, "name the serving provider in \"servedBy\", not in the model.");
        Require(entry.ValidFrom is null || entry.ValidTo is null || entry.ValidFrom < entry.ValidTo, entry, $"\"validFrom\" {entry.ValidFrom:O} is not before \"validTo\" {entry.ValidTo:O}.");
        Require(entry.ContextTokens is null or > 0, entry, "\"contextTokens\" must be positive, or null when unknown.");
        Require(entry.MaxOutputTokens is null or > 0, entry, "\"maxOutputTokens\" must be positive, or null when unknown.");
    }

    private static void CheckServiceTiers(PriceEntry entry)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (var name in entry.ServiceTiers.Keys.Concat(entry.StandardTiers))
        {
            Require(names.Add(name), entry, $"the service tier \"{name}\" is named twice.");
            Require(!string.IsNullOrWhiteSpace(name), entry, "a service tier has no name.");
            Require(!PriceSheet.IsStandardTier(name), entry, $"the service tier \"{name}\" is the standard price itself.");
        }

        foreach (var (name, listing) in entry.ServiceTiers)
        {
            CheckListing(entry, listing, $"service tier \"{name}\": ");
            CheckSameTokenUnits(entry, listing.Usd, $"service tier \"{name}\"");
        }
    }

    private static void CheckListing(PriceEntry entry, PriceListing listing, string where)
    {
        Require(listing.Usd.Count > 0, entry, $"{where}no price is listed.");
        CheckPrices(entry, listing.Usd, where);
        long? lastBoundary = null;
        foreach (var tier in listing.ContextTiers)
        {
            var name = $"{where}context tier {tier.BoundaryTokens}";
            Require(tier.BoundaryTokens > 0, entry, $"{name}: the boundary must be positive.");
            Require(lastBoundary is null || lastBoundary < tier.BoundaryTokens, entry, $"{name}: boundaries must increase.");
            lastBoundary = tier.BoundaryTokens;
            CheckPrices(entry, tier.Usd, $"{name}: ");
            CheckSameTokenUnits(entry, tier.Usd, name);
        }
    }

    private static void CheckPrices(PriceEntry entry, IReadOnlyDictionary<string, decimal> usd, string where)
    {
        foreach (var (name, price) in usd)
        {
            Require(PriceUnits.TryParse(name, out var unit), entry, $"{where}\"{name}\" is not a price unit.");
            Require(price >= 0, entry, $"{where}the price of {name} is negative ({price}).");
            Require(price <= MostUsd, entry, $"{where}the price of {name} ({price}) is beyond {MostUsd}; it is USD per {PriceUnits.BlockSize(unit)}.");
            var digits = CostDigits - (unit == PriceUnit.AudioInputSecond ? 0 : (int)Math.Log10(PriceUnits.BlockSize(unit)));
            Require(decimal.Round(price, digits) == price, entry, $"{where}the price of {name} ({price}) has more than {digits} fractional digits.");
        }
    }

    /// <summary>A tier reprices the whole request, so a unit left out would silently fall back to another list.</summary>
    private static void CheckSameTokenUnits(PriceEntry entry, IReadOnlyDictionary<string, decimal> usd, string where)
    {
        foreach (var name in entry.Standard.Usd.Keys.Where(IsTokenName))
        {
            Require(usd.ContainsKey(name), entry, $"{where}: the price of {name} is missing.");
        }

        foreach (var name in usd.Keys.Where(IsTokenName))
        {
            Require(entry.Standard.Usd.ContainsKey(name), entry, $"{where}: {name} has no standard price.");
        }

        static bool IsTokenName(string name) => PriceUnits.TryParse(name, out var unit) && PriceUnits.IsToken(unit);
    }

    private static void CheckChargedAs(PriceEntry entry)
    {
        foreach (var (name, asName) in entry.ChargedAs)
        {
            Require(PriceUnits.TryParse(name, out _), entry, $"chargedAs: \"{name}\" is not a price unit.");
            Require(PriceUnits.TryParse(asName, out _), entry, $"chargedAs: \"{asName}\" is not a price unit.");
            Require(!entry.Standard.Usd.ContainsKey(name), entry, $"chargedAs: {name} has a price of its own.");
            Require(entry.Standard.Usd.ContainsKey(asName), entry, $"chargedAs: {asName} has no price.");
        }
    }

    private static void CheckIntervals(IReadOnlyList<PriceEntry> layer)
    {
        foreach (var rows in layer.GroupBy(e => (e.Provider, e.Model.ToUpperInvariant(), e.ServedBy?.ToUpperInvariant())))
        {
            PriceEntry? previous = null;
            foreach (var entry in rows.OrderBy(e => e.ValidFrom ?? DateTimeOffset.MinValue))
            {
                Require(previous is null || (previous.ValidTo is { } end && end <= (entry.ValidFrom ?? DateTimeOffset.MinValue)), entry, $"its validity overlaps that of the row valid from {previous?.ValidFrom?.ToString("O") ?? "ever"}.");
                previous = entry;
            }
        }
    }

    private static void CheckNames(IReadOnlyList<PriceEntry> layer)
    {
        var models = layer.Select(e => (e.Provider, Name: e.Model.ToUpperInvariant())).ToHashSet();
        var ownerByAlias = new Dictionary<(string Provider, string Alias), string>();
        foreach (var entry in layer)
        {
            Require(entry.Aliases.Distinct(StringComparer.OrdinalIgnoreCase).Count() == entry.Aliases.Count, entry, "an alias is listed twice.");
            foreach (var alias in entry.Aliases)
            {
                var key = (entry.Provider, alias.ToUpperInvariant());
                Require(!string.IsNullOrWhiteSpace(alias), entry, "an alias is empty.");
                Require(!models.Contains(key), entry, $"the alias \"{alias}\" is also the name of a model.");
                Require(ownerByAlias.TryAdd(key, entry.Model) || string.Equals(ownerByAlias[key], entry.Model, StringComparison.OrdinalIgnoreCase), entry, $"the alias \"{alias}\" also belongs to {ownerByAlias.GetValueOrDefault(key)}.");
            }
        }
    }

    private static void Require(bool holds, PriceEntry entry, string problem)
    {
        if (!holds)
        {
            throw new PriceDataException($"{entry}: {problem}");
        }
    }
}
