using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Upstream;
using Aistrale.Core.Inference.Usage;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;

namespace Aistrale.Core.Inference.Settlement;

/// <summary>How a call ended.</summary>
/// <param name="Status">One of <see cref="UsageStatuses"/>.</param>
internal sealed record CallEnd(string Status, InferenceError? Error = null)
{
    public static readonly CallEnd Ok = new(UsageStatuses.Ok);
    public static readonly CallEnd ClientCancelled = new(UsageStatuses.ClientCancelled, new InferenceError(499, UsageStatuses.ClientCancelled, "The caller went away."));
}

/// <summary>The bill of one call, open from before the upstream request until <see cref="Finish"/>, which has effect exactly once.</summary>
internal sealed class CallSettlement(InferenceCall call, RouteTarget? target, UsageSpool spool, PriceCatalogue catalogue, InferenceMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan MarkInterval = TimeSpan.FromSeconds(1);
    private readonly List<AttemptResponse> _attempts = [];
    private SettledCall? _settled;
    private long _markedAt;

    /// <summary>Puts the call on record before it goes out: if this process dies now, the record stands as interrupted.</summary>
    /// <exception cref="UsageNotRecordedException">The call must not go out.</exception>
    public void Start() => spool.Append(SpoolRecordKind.Started, Record(new CallEnd(UsageStatuses.Interrupted), null, Estimate(null), UsageQualities.Estimated).Record);

    /// <summary>Puts on record what a running stream has used so far, at its first content and then at most each second.</summary>
    public void Mark(UpstreamCall upstream)
    {
        if (_settled is not null || !upstream.Observation.FirstContentSeen || (_markedAt != 0 && clock.GetElapsedTime(_markedAt) < MarkInterval))
        {
            return;
        }

        _markedAt = clock.GetTimestamp();
        try
        {
            spool.Append(SpoolRecordKind.Progress, Record(new CallEnd(UsageStatuses.Interrupted), upstream, Estimate(upstream.Observation), UsageQualities.Estimated).Record);
        }
        catch (UsageNotRecordedException)
        {
            // The spool has logged it. A mark less makes an estimate worse, which is no reason to break off an answer.
        }
    }

    public void AddAttempt(RouteTarget tried, UpstreamCall upstream, CallEnd end) => _attempts.Add(new AttemptResponse(
        tried.Provider.Name, tried.Model, Storable(end.Error?.Code) ?? end.Status, upstream.Status, Math.Round(clock.GetElapsedTime(upstream.SentTimestamp).TotalMilliseconds, 3)));

    /// <summary>Settles the call and puts the final record into the spool. A second call answers what the first one settled.</summary>
    /// <exception cref="UsageNotRecordedException">The call is still open, as its last mark left it.</exception>
    public SettledCall Finish(CallEnd end, UpstreamCall? upstream)
    {
        if (_settled is not null)
        {
            return _settled;
        }

        var earlier = _attempts.Count;
        if (target is not null && upstream is not null)
        {
            AddAttempt(target, upstream, end);
        }

        var (usage, quality) = Usage(end, upstream);
        var settled = Record(end, upstream, usage, quality);
        try
        {
            spool.Append(SpoolRecordKind.Finished, settled.Record);
        }
        catch (UsageNotRecordedException)
        {
            // Whoever tries again adds the attempt again.
            _attempts.RemoveRange(earlier, _attempts.Count - earlier);
            throw;
        }

        _settled = settled;
        metrics.Record(settled.Record);
        return settled;
    }

    private (UsageQuantities Usage, string Quality) Usage(CallEnd end, UpstreamCall? upstream)
    {
        if (upstream is null || upstream.Status is null or < 200 or >= 300)
        {
            // Nothing reached a model, or it refused: nothing was used.
            return (new UsageQuantities(), UsageQualities.None);
        }

        var seen = upstream.Observation;
        if (seen is { SawTerminalEvent: true, InputTokens: not null, OutputTokens: not null })
        {
            return (ToQuantities(seen), UsageQualities.Exact);
        }

        return end.Status == UsageStatuses.Error && !seen.FirstContentSeen && seen.InBandError is not null
            ? (new UsageQuantities(), UsageQualities.None)
            : (Estimate(seen), UsageQualities.Estimated);
    }

    private UsageQuantities Estimate(UpstreamObservation? seen)
    {
        var usage = seen is null ? new UsageQuantities() : ToQuantities(seen);
        // About four characters a token, and no event holds less than one.
        var output = seen is null ? 0 : Math.Max((seen.OutputCharsSeen + 3) / 4, seen.OutputDeltasSeen);
        return usage with
        {
            InputTokens = usage.InputTokens ?? call.Request.EstimatedInputTokens,
            OutputTokens = Math.Max(usage.OutputTokens ?? 0, output),
        };
    }

    private SettledCall Record(CallEnd end, UpstreamCall? upstream, UsageQuantities usage, string quality)
    {
        var seen = upstream?.Observation;
        var priced = Price(seen, usage, quality);
        var record = new UsageEvent
        {
            Id = call.Id,
            StartedAt = call.StartedAt,
            WorkspaceId = call.Caller.WorkspaceId,
            UserId = call.Caller.UserId,
            KeyId = call.Caller.Key?.Id,
            TokenId = target?.Token.Id,
            Source = call.Source,
            Dialect = call.Request.Dialect.Name(),
            RequestedModel = call.Request.Model,
            Provider = target?.Provider.Name,
            Model = target?.Model,
            ServedBy = ServedBy(seen),
            Stream = call.Request.Stream,
            Status = end.Status,
            UsageQuality = quality,
            InputTokens = usage.InputTokens,
            CachedInputTokens = usage.CachedInputTokens,
            CacheWriteTokens = usage.CacheWriteTokens,
            OutputTokens = usage.OutputTokens,
            ReasoningTokens = usage.ReasoningTokens,
            CostUsd = priced?.CostUsd,
            PriceRows = JsonSerializer.Serialize(priced is null ? [] : ToContract(priced.Rows), SettlementJson.Default.IReadOnlyListPriceRowResponse),
            CatalogueVersion = priced is null ? null : catalogue.Version,
            ServiceTier = Storable(seen?.ServiceTier),
            LatencyMs = Math.Round(clock.GetElapsedTime(call.StartTimestamp).TotalMilliseconds, 3),
            TimeToFirstTokenMs = upstream?.FirstContentTimestamp is > 0 and var first ? Math.Round(clock.GetElapsedTime(call.StartTimestamp, first).TotalMilliseconds, 3) : null,
            FinishReason = seen?.FinishReason is { } reason ? FinishReasons.Name(reason) : null,
            ErrorCode = Storable(end.Error?.Code),
            UpstreamStatus = upstream?.Status,
            UpstreamResponseId = Storable(seen?.UpstreamResponseId),
            Attempts = JsonSerializer.Serialize(_attempts, SettlementJson.Default.IReadOnlyListAttemptResponse),
            TraceId = call.TraceId,
        };
        return new SettledCall(record, usage, [.. _attempts]);
    }

    private PricedUsage? Price(UpstreamObservation? seen, UsageQuantities usage, string quality)
    {
        if (quality == UsageQualities.None)
        {
            return new PricedUsage(0m, [], null, null);
        }

        if (target is null)
        {
            return null;
        }

        var sheet = catalogue.Find(target.Provider.Name, target.CatalogueModel, ServedBy(seen), call.StartedAt);
        return sheet is null ? null : PriceCalculator.Price(sheet, usage, seen?.ServiceTier);
    }

    // JSON can say U+0000 and PostgreSQL cannot store it: one such record would hold up every other behind it.
    private static string? Storable(string? providersText) => providersText?.Replace("\0", "", StringComparison.Ordinal);

    private string? ServedBy(UpstreamObservation? seen) => Storable(seen?.ServedBy)
        ?? (target?.Provider.Name == Contracts.Providers.HuggingFace ? HuggingFaceModel.Parse(target.Model).ServedBy : null);

    private static UsageQuantities ToQuantities(UpstreamObservation seen) => new()
    {
        InputTokens = seen.InputTokens,
        CachedInputTokens = seen.CachedInputTokens,
        CacheWrite5mTokens = seen.CacheWrite5mTokens,
        CacheWrite1hTokens = seen.CacheWrite1hTokens,
        AudioInputTokens = seen.AudioInputTokens,
        ImageInputTokens = seen.ImageInputTokens,
        OutputTokens = seen.OutputTokens,
        ReasoningTokens = seen.ReasoningTokens,
        AudioOutputTokens = seen.AudioOutputTokens,
        ImageOutputTokens = seen.ImageOutputTokens,
        WebSearches = seen.WebSearches,
        FileSearches = seen.FileSearches,
    };

    private static IReadOnlyList<PriceRowResponse> ToContract(IReadOnlyList<PriceRow> rows) =>
        [.. rows.Select(row => new PriceRowResponse(row.Unit, row.Quantity, row.UsdPerUnit, row.CostUsd, row.Source))];
}
