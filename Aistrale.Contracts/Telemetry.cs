using System.Diagnostics.CodeAnalysis;

namespace Aistrale.Contracts;

/// <summary>How a call ended, as it stands in <c>status</c>.</summary>
public static class UsageStatuses
{
    public const string Ok = "ok";
    public const string Error = "error";
    public const string ClientCancelled = "client_cancelled";
    public const string Interrupted = "interrupted";
    public const string Refused = "refused";

    public static readonly IReadOnlyList<string> All = [Ok, Error, ClientCancelled, Interrupted, Refused];
}

/// <summary>Where the token counts come from, as it stands in <c>usageQuality</c>.</summary>
public static class UsageQualities
{
    /// <summary>The provider's own count.</summary>
    public const string Exact = "exact";

    /// <summary>Counted by us because the provider's count never came.</summary>
    public const string Estimated = "estimated";

    /// <summary>No tokens were used, or nothing is known of them.</summary>
    public const string None = "none";
}

/// <summary>One call, as lists show it.</summary>
public record RequestResponse
{
    public required Guid Id { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null when the call was refused before a target was chosen.</summary>
    public string? Provider { get; init; }

    public string? Model { get; init; }
    public required string RequestedModel { get; init; }
    public Guid? KeyId { get; init; }
    public Guid? UserId { get; init; }
    public Guid? PromptId { get; init; }

    /// <summary>One of <see cref="UsageStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One of <see cref="UsageQualities"/>.</summary>
    public required string UsageQuality { get; init; }

    public required bool Stream { get; init; }
    public required TokenUsageResponse Usage { get; init; }

    /// <summary>Null = unpriced.</summary>
    public decimal? CostUsd { get; init; }

    public required double LatencyMs { get; init; }
    public double? TimeToFirstTokenMs { get; init; }
    public string? ErrorCode { get; init; }
    public string? TraceId { get; init; }
}

/// <summary>One priced part of a call: <paramref name="Quantity"/> × <paramref name="UsdPerUnit"/> = <paramref name="CostUsd"/>.</summary>
public sealed record PriceRowResponse(string Unit, long Quantity, decimal UsdPerUnit, decimal CostUsd, string Source);

/// <summary>One call with all that is known of it.</summary>
public sealed record RequestDetailResponse : RequestResponse
{
    public RequestDetailResponse()
    {
    }

    [SetsRequiredMembers]
    public RequestDetailResponse(RequestResponse row)
        : base(row)
    {
        (Source, Dialect, Attempts, PriceRows) = ("", "", [], []);
    }

    /// <summary><c>gateway</c> (a program with a key) or <c>console</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The caller's wire format, such as <c>chat_completions</c>.</summary>
    public required string Dialect { get; init; }

    public string? KeyName { get; init; }
    public string? UserEmail { get; init; }
    public string? FinishReason { get; init; }
    public int? UpstreamStatus { get; init; }
    public required IReadOnlyList<AttemptResponse> Attempts { get; init; }
    public required IReadOnlyList<PriceRowResponse> PriceRows { get; init; }
}

public sealed record LatencyPercentiles(double? P50, double? P95, double? P99);

public sealed record TelemetrySummaryResponse(
    DateTimeOffset From,
    DateTimeOffset To,
    long Requests,
    long Errors,
    double ErrorRate,
    long InputTokens,
    long CachedInputTokens,
    long OutputTokens,
    decimal CostUsd,
    long UnpricedRequests,
    LatencyPercentiles LatencyMs,
    LatencyPercentiles TimeToFirstTokenMs);
