using System.Globalization;

namespace Aistrale.Web.Display;

/// <summary>Durations in milliseconds for people.</summary>
internal static class Duration
{
    public const string Unknown = "–";

    /// <summary><c>850 µs</c>, <c>12.4 ms</c>, <c>840 ms</c>, <c>3.21 s</c>, <c>2 m 05 s</c>; a dash when it was not measured.</summary>
    public static string Text(double? milliseconds) => milliseconds switch
    {
        null => Unknown,
        < 0 => Unknown,
        < 1 => Format(milliseconds.Value * 1000, "0", "µs"),
        < 99.95 => Format(milliseconds.Value, "0.#", "ms"),
        < 999.5 => Format(milliseconds.Value, "0", "ms"),
        < 59_995 => Format(milliseconds.Value / 1000, "0.00", "s"),
        _ => Minutes(milliseconds.Value),
    };

    private static string Format(double value, string format, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.ToString(format, CultureInfo.InvariantCulture)}\u00a0{unit}");

    private static string Minutes(double milliseconds)
    {
        var seconds = (long)Math.Round(milliseconds / 1000, MidpointRounding.AwayFromZero);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:#,0}\u00a0m\u00a0{seconds % 60:00}\u00a0s");
    }
}
