using System.Globalization;

namespace Aistrale.Web.Display;

/// <summary>Moments for people; exact ones are UTC, as the API and the logs have them.</summary>
internal static class TimeText
{
    /// <summary><c>now</c>, <c>12 s ago</c>, <c>5 min ago</c>, <c>3 h ago</c>, <c>yesterday</c>, <c>6 d ago</c>, then the date; <c>in 3 d</c> ahead.</summary>
    public static string Relative(DateTimeOffset time, DateTimeOffset now)
    {
        var age = now - time;
        if (age < TimeSpan.Zero)
        {
            return Ahead(-age, time);
        }

        return age.TotalSeconds switch
        {
            < 5 => "now",
            < 60 => $"{(int)age.TotalSeconds} s ago",
            < 3_600 => $"{(int)age.TotalMinutes} min ago",
            < 86_400 => $"{(int)age.TotalHours} h ago",
            < 172_800 => "yesterday",
            < 2_592_000 => $"{(int)age.TotalDays} d ago",
            _ => Date(time),
        };
    }

    /// <summary><c>2026-11-23 16:49:05.123 UTC</c></summary>
    public static string Exact(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Clocks differ by a little between machines: a call from two seconds ahead happened now.
    private static string Ahead(TimeSpan wait, DateTimeOffset time) => wait.TotalSeconds switch
    {
        < 5 => "now",
        < 60 => $"in {(int)wait.TotalSeconds} s",
        < 3_600 => $"in {(int)wait.TotalMinutes} min",
        < 86_400 => $"in {(int)wait.TotalHours} h",
        < 31_536_000 => $"in {(int)wait.TotalDays} d",
        _ => Date(time),
    };
}
