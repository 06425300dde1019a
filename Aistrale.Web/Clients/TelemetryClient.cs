using System.Globalization;
using Aistrale.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace Aistrale.Web.Clients;

/// <summary>Which requests to list; null = all.</summary>
internal sealed record RequestFilter(
    string? Provider = null,
    string? Model = null,
    string? Status = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null);

internal sealed class TelemetryClient(ApiConnection api)
{
    public Task<ApiResult<TelemetrySummaryResponse>> GetSummaryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        api.GetAsync<TelemetrySummaryResponse>(Path("/api/telemetry/summary", new() { ["from"] = Iso(from), ["to"] = Iso(to) }), ct);

    public Task<ApiResult<Page<RequestResponse>>> ListRequestsAsync(RequestFilter filter, string? cursor, int limit, CancellationToken ct) =>
        api.GetAsync<Page<RequestResponse>>(
            Path("/api/telemetry/requests", new()
            {
                ["limit"] = limit.ToString(CultureInfo.InvariantCulture),
                ["cursor"] = cursor,
                ["provider"] = filter.Provider,
                ["model"] = filter.Model,
                ["status"] = filter.Status,
                ["from"] = Iso(filter.From),
                ["to"] = Iso(filter.To),
            }),
            ct);

    public Task<ApiResult<RequestDetailResponse>> GetRequestAsync(Guid id, CancellationToken ct) =>
        api.GetAsync<RequestDetailResponse>($"/api/telemetry/requests/{id}", ct);

    // Parameters without a value are left out.
    private static string Path(string path, Dictionary<string, string?> query) => QueryHelpers.AddQueryString(path, query);

    private static string? Iso(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
