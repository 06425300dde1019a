using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aistrale.Core.Pricing;

/// <summary>Names a set of rows by its content, so that a stored cost can say exactly what it was computed from.</summary>
internal static class CatalogueVersion
{
    private const int HexDigits = 16;

    public static string Of(IReadOnlyList<IReadOnlyList<PriceEntry>> layers)
    {
        var text = new StringBuilder();
        foreach (var layer in layers)
        {
            text.Append("layer\n");
            foreach (var line in layer.Select(Describe).Order(StringComparer.Ordinal))
            {
                text.Append(line).Append('\n');
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..HexDigits];
    }

    private static string Describe(PriceEntry entry) => string.Join(
        '|',
        entry.ToString(),
        Join(entry.Aliases),
        entry.Snapshots.ToString(),
        Instant(entry.ValidFrom),
        Instant(entry.ValidTo),
        Describe(entry.Standard),
        Join(entry.ServiceTiers.Select(t => $"{t.Key}={Describe(t.Value)}")),
        Join(entry.StandardTiers),
        Join(entry.ChargedAs.Select(c => $"{c.Key}={c.Value}")),
        Number(entry.ContextTokens),
        Number(entry.MaxOutputTokens),
        entry.Source,
        entry.FetchedAt.ToString("O", CultureInfo.InvariantCulture));

    private static string Describe(PriceListing listing) =>
        $"{Prices(listing.Usd)};{Join(listing.ContextTiers.Select(t => $"{Number(t.BoundaryTokens)}{(t.Inclusive ? "+" : "")}={Prices(t.Usd)}"))}";

    // "G29" drops trailing zeros: 0.50 and 0.5 are one price.
    private static string Prices(IReadOnlyDictionary<string, decimal> usd) =>
        Join(usd.Select(price => $"{price.Key}={price.Value.ToString("G29", CultureInfo.InvariantCulture)}"));

    private static string Join(IEnumerable<string> parts) => $"[{string.Join(',', parts.Order(StringComparer.Ordinal))}]";

    private static string Instant(DateTimeOffset? at) => at?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) ?? "";

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
