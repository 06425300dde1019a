using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using Aistrale.Contracts;

namespace Aistrale.Core.Pricing;

/// <summary>All known prices. Immutable, so a request prices itself with the catalogue that it started with; look-ups allocate nothing.</summary>
public sealed class PriceCatalogue
{
    private const string EmbeddedName = "prices.json";

    // Who is asked first for a name that several providers know: the model's own vendor, then those who host other vendors' models.
    // A custom origin is never guessed from a model's name.
    private static readonly string[] ResolutionOrder = [Providers.OpenAI, Providers.Anthropic, Providers.Gemini, Providers.Groq, Providers.HuggingFace];

    private readonly FrozenDictionary<string, FrozenDictionary<string, CatalogueModel>> _models;

    /// <param name="layers">Rows in order of precedence: where the first layer has a row for a model at an instant, later layers are not asked.</param>
    /// <exception cref="PriceDataException">A layer contradicts itself or has a row that cannot be right.</exception>
    public PriceCatalogue(params IReadOnlyList<IReadOnlyList<PriceEntry>> layers)
    {
        foreach (var layer in layers)
        {
            PriceEntryValidator.Check(layer);
        }

        Version = CatalogueVersion.Of(layers);
        Models = [.. BuildModels(layers)];
        _models = Models.GroupBy(m => m.Provider).ToFrozenDictionary(g => g.Key, ByEveryName);
    }

    /// <summary>Every model once per provider, in the order of the data.</summary>
    public IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>A hash of all rows: two catalogues with the same version price alike.</summary>
    public string Version { get; }

    /// <summary>The catalogue that is built into the product.</summary>
    public static PriceCatalogue LoadEmbedded() => new(ReadEmbedded());

    /// <summary>The price of a model at the instant a request started, or null: unknown prices are never guessed.</summary>
    /// <param name="provider">A name of <see cref="Providers"/>.</param>
    /// <param name="model">A model, an alias or a dated snapshot; at Hugging Face also <c>org/name:provider</c>.</param>
    /// <param name="servedBy">Hugging Face: the provider that the router says it used. It wins over the one in the model's name.</param>
    /// <param name="at">When the request started.</param>
    public PriceSheet? Find(string provider, string model, string? servedBy, DateTimeOffset at)
    {
        var name = model.AsSpan();
        var served = servedBy.AsSpan();
        if (provider == Providers.HuggingFace)
        {
            var suffix = SplitSuffix(ref name);
            // A suffix may also be a policy such as ":fastest"; no row is served by a policy, so that stays unpriced.
            served = served.IsEmpty ? suffix : served;
        }

        return FindModel(provider, name)?.SheetAt(at, served);
    }

    /// <summary>The model by its name, an alias or a dated snapshot; null when the provider is not known to have it.</summary>
    public CatalogueModel? FindModel(string provider, string model)
    {
        var name = model.AsSpan();
        if (provider == Providers.HuggingFace)
        {
            SplitSuffix(ref name);
        }

        return FindModel(provider, name);
    }

    /// <summary>Which providers know a plain model name, in the order in which they are to be asked; never <c>custom</c>.</summary>
    public IReadOnlyList<string> FindProviders(string model)
    {
        List<string> found = [];
        foreach (var provider in ResolutionOrder)
        {
            if (FindModel(provider, model) is not null)
            {
                found.Add(provider);
            }
        }

        return found;
    }

    internal static IReadOnlyList<PriceEntry> ReadEmbedded()
    {
        var assembly = typeof(PriceCatalogue).Assembly;
        using var json = OpenEmbedded(assembly);
        return PriceFile.Read(json);
    }

    private static Stream OpenEmbedded(Assembly assembly) =>
        assembly.GetManifestResourceStream(typeof(PriceCatalogue), EmbeddedName)
        ?? throw new PriceDataException($"{EmbeddedName} is not built into {assembly.GetName().Name}.");

    private CatalogueModel? FindModel(string provider, ReadOnlySpan<char> name)
    {
        if (!_models.TryGetValue(provider, out var models))
        {
            return null;
        }

        var byName = models.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byName.TryGetValue(name, out var model))
        {
            return model;
        }

        return FindSnapshot(byName, name, SnapshotNames.CompactDate, "yyyyMMdd") ?? FindSnapshot(byName, name, SnapshotNames.DashedDate, "yyyy-MM-dd");
    }

    /// <summary>Finds <c>claude-haiku-4-5-20251001</c> as <c>claude-haiku-4-5</c>, if that model's snapshots are named so.</summary>
    private static CatalogueModel? FindSnapshot(FrozenDictionary<string, CatalogueModel>.AlternateLookup<ReadOnlySpan<char>> byName, ReadOnlySpan<char> name, SnapshotNames style, string dateFormat)
    {
        var dash = name.Length - dateFormat.Length - 1;
        return dash > 0
            && name[dash] == '-'
            && DateOnly.TryParseExact(name[(dash + 1)..], dateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && byName.TryGetValue(name[..dash], out var model)
            && model.Snapshots == style
            ? model
            : null;
    }

    /// <summary>Takes <c>:novita</c> off <c>openai/gpt-oss-120b:novita</c>.</summary>
    private static ReadOnlySpan<char> SplitSuffix(scoped ref ReadOnlySpan<char> model)
    {
        var colon = model.LastIndexOf(':');
        if (colon < 0)
        {
            return default;
        }

        var suffix = model[(colon + 1)..];
        model = model[..colon];
        return suffix;
    }

    private static IEnumerable<CatalogueModel> BuildModels(IReadOnlyList<IReadOnlyList<PriceEntry>> layers)
    {
        var entries = layers.SelectMany(layer => layer).ToList();
        foreach (var rows in entries.GroupBy(e => (e.Provider, Key: e.Model.ToUpperInvariant())))
        {
            // A row for a snapshot comes before the rows of the model that knows the snapshot as an alias; those still cover
            // the instants and serving providers that the row does not.
            var asAlias = entries.Where(e => e.Provider == rows.Key.Provider && e.Aliases.Contains(rows.First().Model, StringComparer.OrdinalIgnoreCase));
            yield return new CatalogueModel(
                rows.Key.Provider,
                rows.First().Model,
                rows.SelectMany(e => e.Aliases).Distinct(StringComparer.OrdinalIgnoreCase),
                rows.Select(e => e.Snapshots).FirstOrDefault(style => style != SnapshotNames.Listed),
                rows.Concat(asAlias).Select(e => new PriceSheet(e)));
        }
    }

    private static FrozenDictionary<string, CatalogueModel> ByEveryName(IEnumerable<CatalogueModel> models)
    {
        var byName = new Dictionary<string, CatalogueModel>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in models)
        {
            byName[model.Name] = model;
        }

        // Aliases after all names: in a lower layer an alias may be what a higher layer lists as a model of its own.
        foreach (var model in models)
        {
            foreach (var alias in model.Aliases)
            {
                byName.TryAdd(alias, model);
            }
        }

        return byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
