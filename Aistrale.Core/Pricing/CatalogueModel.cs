namespace Aistrale.Core.Pricing;

/// <summary>A model that one provider offers, for lists; its prices at an instant are in the sheets.</summary>
public sealed class CatalogueModel
{
    // Layers in precedence order, within a layer any order: intervals of one serving provider do not overlap there.
    private readonly PriceSheet[] _sheets;

    internal CatalogueModel(string provider, string name, IEnumerable<string> aliases, SnapshotNames snapshots, IEnumerable<PriceSheet> sheets)
    {
        Provider = provider;
        Name = name;
        Aliases = [.. aliases];
        Snapshots = snapshots;
        _sheets = [.. sheets];
        ServedBy = [.. _sheets.Select(s => s.ServedBy).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        // Backing providers differ; the smallest limit holds wherever the router sends a request.
        ContextTokens = _sheets.Min(s => s.ContextTokens);
        MaxOutputTokens = _sheets.Min(s => s.MaxOutputTokens);
    }

    public string Provider { get; }

    public string Name { get; }

    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Hugging Face: the backing providers with a price; empty elsewhere.</summary>
    public IReadOnlyList<string> ServedBy { get; }

    public long? ContextTokens { get; }

    public long? MaxOutputTokens { get; }

    internal SnapshotNames Snapshots { get; }

    /// <summary>The price at an instant; null when none is listed, or when it depends on a serving provider that is not known.</summary>
    public PriceSheet? SheetAt(DateTimeOffset at, string? servedBy = null) => SheetAt(at, servedBy.AsSpan());

    internal PriceSheet? SheetAt(DateTimeOffset at, ReadOnlySpan<char> servedBy)
    {
        foreach (var sheet in _sheets)
        {
            if (sheet.IsValidAt(at) && (sheet.ServedBy is null || servedBy.Equals(sheet.ServedBy, StringComparison.OrdinalIgnoreCase)))
            {
                return sheet;
            }
        }

        return null;
    }
}
