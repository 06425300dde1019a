using System.Globalization;

namespace Aistrale.Core.Inference.Usage;

/// <summary>How long a provider asks to wait, in seconds.</summary>
internal static class RetryAfter
{
    private const double MaxSeconds = 7 * 24 * 3600;

    /// <summary>The header in either form: <c>17</c> (also <c>0.5</c>, which is not in the standard but is sent), or <c>Wed, 21 Oct 2026 07:28:00 GMT</c>.</summary>
    public static double? Parse(string? header, DateTimeOffset now)
    {
        var text = header?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return Bounded(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bounded(Math.Max(0, (date - now).TotalSeconds))
            : null;
    }

    /// <summary>OpenAI's finer header, in milliseconds.</summary>
    public static double? ParseMilliseconds(string? header) =>
        double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms) ? Bounded(ms / 1000) : null;

    /// <summary>Gemini's <c>RetryInfo.retryDelay</c>: <c>17s</c>, <c>0.847655010s</c>.</summary>
    public static double? ParseDuration(string? duration) =>
        duration is not null
        && duration.EndsWith('s')
        && double.TryParse(duration.AsSpan(0, duration.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? Bounded(seconds)
            : null;

    private static double? Bounded(double seconds) => seconds is >= 0 and <= MaxSeconds ? seconds : null;
}
