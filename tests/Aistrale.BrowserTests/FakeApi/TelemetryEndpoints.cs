using System.Globalization;
using Aistrale.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aistrale.BrowserTests.FakeApi;

internal static class TelemetryEndpoints
{
    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/telemetry/requests", List);
        routes.MapGet("/api/telemetry/requests/{id:guid}", (Guid id, FakeState state) =>
            state.Requests.FirstOrDefault(request => request.Id == id) is { } found
                ? Results.Ok(found)
                : Problems.Result(404, ErrorCodes.NotFound, "There is no such request."));
        routes.MapGet("/api/telemetry/summary", Summarize);
    }

    private static IResult List(FakeState state, string? cursor, string? provider, string? model, string? status, DateTimeOffset? from, DateTimeOffset? to, int limit = 50)
    {
        var skip = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var matching = state.Requests
            .Where(request => provider is null || request.Provider == provider)
            .Where(request => model is null || request.Model == model)
            .Where(request => status is null || request.Status == status)
            .Where(request => from is null || request.StartedAt >= from)
            .Where(request => to is null || request.StartedAt < to)
            .OrderByDescending(request => request.StartedAt)
            .ToList();
        var next = skip + limit < matching.Count ? (skip + limit).ToString(CultureInfo.InvariantCulture) : null;
        return Results.Ok(new Page<RequestResponse>([.. matching.Skip(skip).Take(limit).Select(Row)], next));
    }

    private static IResult Summarize(FakeState state, DateTimeOffset from, DateTimeOffset to)
    {
        var calls = state.Requests.Where(request => request.StartedAt >= from && request.StartedAt < to).ToList();
        var errors = calls.Count(call => call.Status == UsageStatuses.Error);
        return Results.Ok(new TelemetrySummaryResponse(
            from,
            to,
            calls.Count,
            errors,
            calls.Count == 0 ? 0 : (double)errors / calls.Count,
            calls.Sum(call => call.Usage.InputTokens ?? 0),
            calls.Sum(call => call.Usage.CachedInputTokens ?? 0),
            calls.Sum(call => call.Usage.OutputTokens ?? 0),
            calls.Sum(call => call.CostUsd ?? 0),
            calls.Count(call => call.CostUsd is null),
            Percentiles(calls.Select(call => call.LatencyMs)),
            Percentiles(calls.Where(call => call.TimeToFirstTokenMs is not null).Select(call => call.TimeToFirstTokenMs!.Value))));
    }

    private static LatencyPercentiles Percentiles(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0
            ? new LatencyPercentiles(null, null, null)
            : new LatencyPercentiles(sorted[sorted.Count / 2], sorted[sorted.Count * 95 / 100], sorted[sorted.Count * 99 / 100]);
    }

    private static RequestResponse Row(RequestDetailResponse detail) => new()
    {
        Id = detail.Id,
        StartedAt = detail.StartedAt,
        Provider = detail.Provider,
        Model = detail.Model,
        RequestedModel = detail.RequestedModel,
        KeyId = detail.KeyId,
        UserId = detail.UserId,
        Status = detail.Status,
        UsageQuality = detail.UsageQuality,
        Stream = detail.Stream,
        Usage = detail.Usage,
        CostUsd = detail.CostUsd,
        LatencyMs = detail.LatencyMs,
        TimeToFirstTokenMs = detail.TimeToFirstTokenMs,
        ErrorCode = detail.ErrorCode,
        TraceId = detail.TraceId,
    };
}
