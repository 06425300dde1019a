using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core;
using Aistrale.Core.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Telemetry;

internal static class TelemetryEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(1);

    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/telemetry").WithTags("Telemetry").RequireAuthorization(Policies.TelemetryRead);
        group.MapGet("/requests", ListAsync).WithName("ListRequests").WithSummary("Settled calls, newest first.");
        group.MapGet("/requests/{id:guid}", GetAsync).WithName("GetRequest").WithSummary("One call with its attempts and price rows.");
        group.MapGet("/summary", SummarizeAsync).WithName("GetSummary").WithSummary("Totals of a time range; the last day by default.");
    }

    private static async Task<Results<Ok<Page<RequestResponse>>, ProblemHttpResult>> ListAsync([AsParameters] RequestQuery query, TelemetryRepository telemetry, CurrentUser user, CancellationToken ct)
    {
        var limit = query.Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit)
        {
            return new Failure(ErrorCodes.ValidationFailed, $"limit lies between 1 and {MaxLimit}.", "limit").ToProblem();
        }

        if (query.Status is { } status && !UsageStatuses.All.Contains(status))
        {
            return new Failure(ErrorCodes.ValidationFailed, $"status is one of: {string.Join(", ", UsageStatuses.All)}.", "status").ToProblem();
        }

        var page = await telemetry.ListAsync(TelemetryScope.Of(user.Entry), query.ToFilter(), limit, query.Cursor, ct);
        return page.Failure is { } failure ? failure.ToProblem() : TypedResults.Ok(page.Value);
    }

    private static async Task<Results<Ok<RequestDetailResponse>, ProblemHttpResult>> GetAsync(Guid id, TelemetryRepository telemetry, CurrentUser user, CancellationToken ct) =>
        await telemetry.FindAsync(TelemetryScope.Of(user.Entry), id, ct) is { } found ? TypedResults.Ok(found) : Problems.NotFound("request");

    private static async Task<Results<Ok<TelemetrySummaryResponse>, ProblemHttpResult>> SummarizeAsync(DateTimeOffset? from, DateTimeOffset? to, TelemetryRepository telemetry, CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var end = to?.ToUniversalTime() ?? clock.GetUtcNow();
        var start = from?.ToUniversalTime() ?? (end - DateTimeOffset.MinValue > DefaultRange ? end - DefaultRange : DateTimeOffset.MinValue);
        return start >= end
            ? new Failure(ErrorCodes.ValidationFailed, "from must be before to.", "from").ToProblem()
            : TypedResults.Ok(await telemetry.SummarizeAsync(TelemetryScope.Of(user.Entry), start, end, ct));
    }
}

internal sealed record RequestQuery(
    int? Limit, string? Cursor, string? Provider, string? Model, string? Status, Guid? Key, Guid? User, Guid? Prompt,
    DateTimeOffset? From, DateTimeOffset? To, double? MinLatency, decimal? MinCost)
{
    public RequestFilter ToFilter() => new(Provider, Model, Status, Key, User, Prompt, From, To, MinLatency, MinCost);
}
