using System.Buffers.Text;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Telemetry;

/// <summary>What a list of calls is narrowed to; null = anything.</summary>
public sealed record RequestFilter(
    string? Provider = null,
    string? Model = null,
    string? Status = null,
    Guid? KeyId = null,
    Guid? UserId = null,
    Guid? PromptId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    double? MinLatencyMs = null,
    decimal? MinCostUsd = null);

/// <summary>Whose calls may be seen: a user's own, or all of the workspace for auditors and admins.</summary>
public sealed record TelemetryScope(Guid WorkspaceId, Guid? OnlyUserId)
{
    public static TelemetryScope Of(UserEntry user) => new(user.WorkspaceId, user.Role == Roles.User ? user.Id : null);
}

/// <summary>Questions about settled calls.</summary>
public sealed class TelemetryRepository(AistraleDbContext db)
{
    public async Task<Outcome<Page<RequestResponse>>> ListAsync(TelemetryScope scope, RequestFilter filter, int limit, string? cursor, CancellationToken ct)
    {
        var query = Filter(Visible(scope), filter);
        if (cursor is not null)
        {
            if (!TryReadCursor(cursor, out var id) || UsageIds.StartedAt(id) is not { } at)
            {
                return new Failure(ErrorCodes.ValidationFailed, "The cursor is not one that this list gave. Start again without it.", "cursor");
            }

            query = query.Where(u => EF.Functions.LessThan(ValueTuple.Create(u.StartedAt, u.Id), ValueTuple.Create(at, id)));
        }

        var rows = await query.OrderByDescending(u => u.StartedAt).ThenByDescending(u => u.Id).Take(limit + 1).AsNoTracking().ToListAsync(ct);
        var next = rows.Count > limit ? Cursor(rows[limit - 1].Id) : null;
        return new Page<RequestResponse>([.. rows.Take(limit).Select(ToRow)], next);
    }

    public async Task<RequestDetailResponse?> FindAsync(TelemetryScope scope, Guid id, CancellationToken ct)
    {
        if (UsageIds.StartedAt(id) is not { } at)
        {
            return null;
        }

        var row = await Visible(scope).AsNoTracking().SingleOrDefaultAsync(u => u.StartedAt == at && u.Id == id, ct);
        if (row is null)
        {
            return null;
        }

        var keyName = await db.VirtualKeys.Where(key => key.Id == row.KeyId && key.WorkspaceId == scope.WorkspaceId).Select(key => key.Name).SingleOrDefaultAsync(ct);
        var email = await db.Users.Where(user => user.Id == row.UserId && user.WorkspaceId == scope.WorkspaceId).Select(user => user.Email).SingleOrDefaultAsync(ct);
        return ToDetail(row, keyName, email);
    }

    public async Task<TelemetrySummaryResponse> SummarizeAsync(TelemetryScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var onlyUser = scope.OnlyUserId;
        var row = await db.Database.SqlQuery<SummaryRow>($"""
            SELECT count(*) AS requests,
                   count(*) FILTER (WHERE status IN ('error', 'interrupted')) AS errors,
                   coalesce(sum(input_tokens), 0)::bigint AS input_tokens,
                   coalesce(sum(cached_input_tokens), 0)::bigint AS cached_input_tokens,
                   coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
                   coalesce(sum(cost_usd), 0) AS cost_usd,
                   count(*) FILTER (WHERE cost_usd IS NULL AND provider IS NOT NULL) AS unpriced_requests,
                   percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_ms) AS latency,
                   percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY time_to_first_token_ms) AS first_token
            FROM usage_event
            WHERE workspace_id = {scope.WorkspaceId} AND started_at >= {from} AND started_at < {to} AND ({onlyUser}::uuid IS NULL OR user_id = {onlyUser})
            """).SingleAsync(ct);
        return new TelemetrySummaryResponse(
            from, to, row.Requests, row.Errors, row.Requests == 0 ? 0 : (double)row.Errors / row.Requests,
            row.InputTokens, row.CachedInputTokens, row.OutputTokens, row.CostUsd, row.UnpricedRequests,
            Percentiles(row.Latency), Percentiles(row.FirstToken));
    }

    private IQueryable<UsageEvent> Visible(TelemetryScope scope)
    {
        var visible = db.UsageEvents.Where(u => u.WorkspaceId == scope.WorkspaceId);
        return scope.OnlyUserId is { } userId ? visible.Where(u => u.UserId == userId) : visible;
    }

    private static IQueryable<UsageEvent> Filter(IQueryable<UsageEvent> query, RequestFilter filter)
    {
        query = filter.Provider is { } provider ? query.Where(u => u.Provider == provider) : query;
        query = filter.Model is { } model ? query.Where(u => u.Model == model || u.RequestedModel == model) : query;
        query = filter.Status is { } status ? query.Where(u => u.Status == status) : query;
        query = filter.KeyId is { } keyId ? query.Where(u => u.KeyId == keyId) : query;
        query = filter.UserId is { } userId ? query.Where(u => u.UserId == userId) : query;
        query = filter.PromptId is { } promptId ? query.Where(u => u.PromptId == promptId) : query;
        query = filter.From is { } from ? query.Where(u => u.StartedAt >= from.ToUniversalTime()) : query;
        query = filter.To is { } to ? query.Where(u => u.StartedAt < to.ToUniversalTime()) : query;
        query = filter.MinLatencyMs is { } latency ? query.Where(u => u.LatencyMs >= latency) : query;
        return filter.MinCostUsd is { } cost ? query.Where(u => u.CostUsd >= cost) : query;
    }

    private static RequestResponse ToRow(UsageEvent u) => new()
    {
        Id = u.Id,
        StartedAt = u.StartedAt,
        Provider = u.Provider,
        Model = u.Model,
        RequestedModel = u.RequestedModel,
        KeyId = u.KeyId,
        UserId = u.UserId,
        PromptId = u.PromptId,
        Status = u.Status,
        UsageQuality = u.UsageQuality,
        Stream = u.Stream,
        Usage = new TokenUsageResponse(u.InputTokens, u.CachedInputTokens, u.CacheWriteTokens, u.OutputTokens, u.ReasoningTokens),
        CostUsd = u.CostUsd,
        LatencyMs = u.LatencyMs,
        TimeToFirstTokenMs = u.TimeToFirstTokenMs,
        ErrorCode = u.ErrorCode,
        TraceId = u.TraceId,
    };

    private static RequestDetailResponse ToDetail(UsageEvent u, string? keyName, string? userEmail) => new(ToRow(u))
    {
        Source = u.Source,
        Dialect = u.Dialect,
        KeyName = keyName,
        UserEmail = userEmail,
        FinishReason = u.FinishReason,
        UpstreamStatus = u.UpstreamStatus,
        Attempts = JsonSerializer.Deserialize(u.Attempts, SettlementJson.Default.IReadOnlyListAttemptResponse) ?? [],
        PriceRows = JsonSerializer.Deserialize(u.PriceRows, SettlementJson.Default.IReadOnlyListPriceRowResponse) ?? [],
    };

    private static LatencyPercentiles Percentiles(double[]? values) => values is [var p50, var p95, var p99] ? new(p50, p95, p99) : new(null, null, null);

    // A row's own id places the next page; base64url keeps it opaque and short.
    private static string Cursor(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    private static bool TryReadCursor(string cursor, out Guid id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[24];
        if (cursor.Length > 24 || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written) || written != 16)
        {
            return false;
        }

        id = new Guid(bytes[..16], bigEndian: true);
        return true;
    }

    private sealed record SummaryRow(
        long Requests, long Errors, long InputTokens, long CachedInputTokens, long OutputTokens, decimal CostUsd, long UnpricedRequests, double[]? Latency, double[]? FirstToken);
}
