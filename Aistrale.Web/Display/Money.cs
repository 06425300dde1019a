using System.Globalization;

namespace Aistrale.Web.Display;

/// <summary>US dollars for people: few digits, but never so few that a cost looks like none.</summary>
internal static class Money
{
    public const string Unknown = "–";

    // Digits after the point that the API gives at most.
    private const int MaxDecimals = 12;

    /// <summary><c>$12.34</c>, <c>$0.0345</c>, <c>$0.00021</c>; <c>$0</c> only for exactly nothing; a dash when nobody knows.</summary>
    public static string Text(decimal? usd)
    {
        if (usd is not { } amount)
        {
            return Unknown;
        }

        var size = Math.Abs(amount);
        var decimals = size switch
        {
            0 => 0,
            >= 1 => 2,
            >= 0.01m => 4,
            // Two digits beyond the leading zeros: 0.00021, 0.0000046.
            _ => Math.Min(MaxDecimals, LeadingZeros(size) + 2),
        };
        return Sign(amount) + Math.Round(size, decimals, MidpointRounding.AwayFromZero).ToString("N" + decimals, CultureInfo.InvariantCulture);
    }

    /// <summary>Every digit that the API gave.</summary>
    public static string Exact(decimal? usd) =>
        usd is { } amount ? $"{Sign(amount)}{Math.Abs(amount).ToString("#,0.############", CultureInfo.InvariantCulture)}" : Unknown;

    /// <summary>A price per million tokens: <c>$0.15</c>, <c>$2.50</c>, <c>$0.075</c>.</summary>
    public static string PerMillion(decimal? usd) =>
        usd is { } amount ? "$" + amount.ToString("#,0.00####", CultureInfo.InvariantCulture) : Unknown;

    private static int LeadingZeros(decimal size)
    {
        var zeros = 0;
        while (size < 0.1m && zeros < MaxDecimals)
        {
            size *= 10;
            zeros++;
        }

        return zeros;
    }

    private static string Sign(decimal amount) => amount < 0 ? "−$" : "$";
}
