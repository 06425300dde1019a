using System.Globalization;

namespace Aistrale.Web.Display;

/// <summary>Counts for people.</summary>
internal static class Count
{
    public const string Unknown = "–";

    /// <summary><c>1,234,567</c></summary>
    public static string Exact(long? count) => count?.ToString("#,0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary><c>987</c>, <c>1,234</c>, <c>12.3K</c>, <c>4.56M</c></summary>
    public static string Short(long? count) => count switch
    {
        null => Unknown,
        < 10_000 => Exact(count),
        < 999_950 => Scaled(count.Value / 1e3, "K"),
        < 999_950_000 => Scaled(count.Value / 1e6, "M"),
        _ => Scaled(count.Value / 1e9, "B"),
    };

    /// <summary>A window of tokens as makers print it: <c>128K</c>, <c>200K</c>, <c>1M</c>.</summary>
    // Windows come as 131,072 as well as 128,000; both are sold as "128K".
    public static string Window(long? tokens) => tokens switch
    {
        null => Unknown,
        >= 1_000_000 => Scaled(In(tokens.Value, 1_000_000, 1_048_576), "M"),
        >= 1_000 => Scaled(In(tokens.Value, 1_000, 1_024), "K"),
        _ => Exact(tokens),
    };

    /// <summary><c>0.4%</c>; <c>0%</c> only for exactly none.</summary>
    public static string Percent(double ratio) => ratio switch
    {
        0 => "0%",
        < 0.001 => "<0.1%",
        >= 1 => (ratio * 100).ToString("#,0", CultureInfo.InvariantCulture) + "%",
        _ => (ratio * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%",
    };

    private static double In(long tokens, long thousands, long binary) =>
        tokens % thousands != 0 && tokens % binary == 0 ? (double)tokens / binary : (double)tokens / thousands;

    private static string Scaled(double value, string unit) =>
        value.ToString(value < 10 ? "0.##" : value < 100 ? "0.#" : "0", CultureInfo.InvariantCulture) + unit;
}
