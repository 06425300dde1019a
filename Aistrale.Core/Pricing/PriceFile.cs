using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aistrale.Core.Pricing;

/// <summary>
/// Reads price data from JSON. Prices are strings, because a JSON number passes through binary floating point in many tools.
/// A sample with all that can occur; "units" repeats how many of each unit a price buys and must agree with <see cref="PriceUnits"/>:
/// <code>
/// { "schema": 1,
///   "units": { "input": 1000000, "cached_input": 1000000, "output": 1000000, "web_search": 1000 },
///   "models": [
///     { "provider": "openai", "model": "gpt-5.6-sol", "aliases": ["gpt-5.6"], "snapshots": "dashedDate",
///       "contextTokens": 1050000, "maxOutputTokens": 128000,
///       "chargedAs": { "cache_write_1h": "input" }, "standardTiers": ["flex"],
///       "source": "genai-prices 0.1.8", "fetchedAt": "2026-11-23",
///       "prices": [
///         { "servedBy": null, "contextTokens": null, "validFrom": "2026-08-21T00:00:00Z", "validTo": null,
///           "usd": { "input": "4", "cached_input": "0.4", "output": "20", "web_search": "10" },
///           "contextTiers": [ { "boundaryTokens": 272000, "inclusive": true, "usd": { "input": "8", "cached_input": "0.8", "output": "30" } } ],
///           "serviceTiers": { "batch": { "usd": { "input": "2", "cached_input": "0.2", "output": "10" }, "contextTiers": [] } } } ] } ] }
/// </code>
/// </summary>
internal static class PriceFile
{
    private const int Schema = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        Converters = { new PriceConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The rows of the file in its order, read but not yet checked against each other.</summary>
    public static IReadOnlyList<PriceEntry> Read(Stream json)
    {
        FileContent file;
        try
        {
            file = JsonSerializer.Deserialize<FileContent>(json, Json) ?? throw new PriceDataException("The price file is empty.");
        }
        catch (JsonException e)
        {
            throw new PriceDataException($"The price file cannot be read at {e.Path ?? "$"}, line {e.LineNumber + 1}: {e.Message}", e);
        }

        if (file.Schema != Schema)
        {
            throw new PriceDataException($"The price file has schema {file.Schema}; this version reads schema {Schema}.");
        }

        CheckUnits(file.Units);
        return [.. file.Models.SelectMany(model => model.Prices.Select(price => ToEntry(model, price)))];
    }

    private static void CheckUnits(Dictionary<string, int> units)
    {
        foreach (var (name, block) in units)
        {
            if (!PriceUnits.TryParse(name, out var unit))
            {
                throw new PriceDataException($"units: \"{name}\" is not a price unit.");
            }

            if (block != PriceUnits.BlockSize(unit))
            {
                throw new PriceDataException($"units: prices of {name} are per {PriceUnits.BlockSize(unit)}, the file says per {block}.");
            }
        }
    }

    private static PriceEntry ToEntry(ModelContent model, PriceContent price) => new()
    {
        Provider = model.Provider,
        Model = model.Model,
        ServedBy = price.ServedBy,
        Aliases = model.Aliases ?? [],
        Snapshots = model.Snapshots,
        ValidFrom = price.ValidFrom,
        ValidTo = price.ValidTo,
        Standard = ToListing(price.Usd, price.ContextTiers),
        ServiceTiers = price.ServiceTiers?.ToDictionary(t => t.Key, t => ToListing(t.Value.Usd, t.Value.ContextTiers)) ?? [],
        StandardTiers = model.StandardTiers ?? [],
        ChargedAs = model.ChargedAs ?? [],
        ContextTokens = price.ContextTokens ?? model.ContextTokens,
        MaxOutputTokens = model.MaxOutputTokens,
        Source = model.Source,
        FetchedAt = model.FetchedAt,
    };

    private static PriceListing ToListing(Dictionary<string, decimal> usd, List<ContextTierContent>? tiers) =>
        new(usd, [.. (tiers ?? []).Select(tier => new ContextTierListing(tier.BoundaryTokens, tier.Inclusive, tier.Usd))]);

    private sealed record FileContent
    {
        public required int Schema { get; init; }
        public required Dictionary<string, int> Units { get; init; }
        public required List<ModelContent> Models { get; init; }
    }

    private sealed record ModelContent
    {
        public required string Provider { get; init; }
        public required string Model { get; init; }
        public List<string>? Aliases { get; init; }
        public SnapshotNames Snapshots { get; init; }
        public long? ContextTokens { get; init; }
        public long? MaxOutputTokens { get; init; }
        public Dictionary<string, string>? ChargedAs { get; init; }
        public List<string>? StandardTiers { get; init; }
        public required string Source { get; init; }
        public required DateOnly FetchedAt { get; init; }
        public required List<PriceContent> Prices { get; init; }
    }

    private sealed record PriceContent
    {
        public string? ServedBy { get; init; }
        public long? ContextTokens { get; init; }
        public DateTimeOffset? ValidFrom { get; init; }
        public DateTimeOffset? ValidTo { get; init; }
        public required Dictionary<string, decimal> Usd { get; init; }
        public List<ContextTierContent>? ContextTiers { get; init; }
        public Dictionary<string, ServiceTierContent>? ServiceTiers { get; init; }
    }

    private sealed record ContextTierContent
    {
        public required long BoundaryTokens { get; init; }
        public required bool Inclusive { get; init; }
        public required Dictionary<string, decimal> Usd { get; init; }
    }

    private sealed record ServiceTierContent
    {
        public required Dictionary<string, decimal> Usd { get; init; }
        public List<ContextTierContent>? ContextTiers { get; init; }
    }

    /// <summary>Reads <c>"0.075"</c>.</summary>
    private sealed class PriceConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException("Write prices as strings, such as \"0.075\".");
            }

            var text = reader.GetString();
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var price)
                ? price
                : throw new JsonException($"\"{text}\" is not a price.");
        }

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
