using System.Globalization;
using Aistrale.Web.Clients;

namespace Aistrale.Web.Components.Pages.Requests;

/// <summary>The filter bar as it stands in the address: a preset range, or two moments.</summary>
internal sealed record RequestQuery(string? Provider, string? Model, string? Status, string? Range, string? From, string? To)
{
    public const string Custom = "custom";

    /// <summary>Presets by their name in the address; none = all time.</summary>
    public static readonly IReadOnlyList<(string Name, string Text, TimeSpan Length)> Ranges =
    [
        ("15m", "Last 15 minutes", TimeSpan.FromMinutes(15)),
        ("1h", "Last hour", TimeSpan.FromHours(1)),
        ("24h", "Last 24 hours", TimeSpan.FromHours(24)),
        ("7d", "Last 7 days", TimeSpan.FromDays(7)),
        ("30d", "Last 30 days", TimeSpan.FromDays(30)),
    ];

    public bool IsFiltered =>
        !string.IsNullOrEmpty(Provider) || !string.IsNullOrEmpty(Model) || !string.IsNullOrEmpty(Status)
        || !string.IsNullOrEmpty(Range) || !string.IsNullOrEmpty(From) || !string.IsNullOrEmpty(To);

    public bool IsCustomRange => Range == Custom || (string.IsNullOrEmpty(Range) && (!string.IsNullOrEmpty(From) || !string.IsNullOrEmpty(To)));

    public RequestFilter ToFilter(DateTimeOffset now)
    {
        var preset = Ranges.FirstOrDefault(range => range.Name == Range);
        return new RequestFilter(
            Value(Provider),
            Value(Model),
            Value(Status),
            preset.Name is not null ? now - preset.Length : Moment(From),
            preset.Name is not null ? null : Moment(To));
    }

    /// <summary>The address of this query under <paramref name="path"/>; empty parts are left out.</summary>
    public string ToUrl(string path, string? cursor = null)
    {
        var query = new Dictionary<string, string?>
        {
            ["provider"] = Value(Provider),
            ["model"] = Value(Model),
            ["status"] = Value(Status),
            ["range"] = Value(Range),
            ["from"] = IsCustomRange ? Value(From) : null,
            ["to"] = IsCustomRange ? Value(To) : null,
            ["cursor"] = Value(cursor),
        };
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(path, query);
    }

    // Sample: 2026-11-23T16:49 or 2026-11-23T16:49:05Z; without a zone it is UTC, as everything here.
    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;

    private static string? Value(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
