using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Upstream;
using Aistrale.Core.Telemetry;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

public sealed class CallSettlementTests : IDisposable
{
    private const string Content = "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":16},\"completion_tokens_details\":{\"reasoning_tokens\":4}}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    private static readonly CallEnd BrokenOff = new(UsageStatuses.Interrupted, new InferenceError(502, ErrorCodes.StreamInterrupted, "It broke off."));
    private static readonly CallEnd Failed = new(UsageStatuses.Error, new InferenceError(502, ErrorCodes.ProviderError, "It failed."));

    private readonly SettlementRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_call_that_ended_well_is_billed_by_the_providers_own_count()
    {
        var (settlement, upstream) = Open();
        settlement.Start();
        SettlementRig.Feed(upstream, Content + Stop + Usage + Done);
        _rig.Clock.Advance(TimeSpan.FromMilliseconds(1_500));

        var settled = settlement.Finish(CallEnd.Ok, upstream);

        var record = Assert.Single(_rig.Finished);
        Assert.Equal(JsonSerializer.Serialize(settled.Record), JsonSerializer.Serialize(record));
        Assert.Equal((UsageStatuses.Ok, UsageQualities.Exact), (record.Status, record.UsageQuality));
        Assert.Equal((20, 16, null, 9, 4), (record.InputTokens, record.CachedInputTokens, record.CacheWriteTokens, record.OutputTokens, record.ReasoningTokens));
        // 4 fresh at $0.15, 16 cached at $0.075 and 9 out at $0.60 a million.
        Assert.Equal(0.0000072m, record.CostUsd);
        Assert.Equal(SettlementRig.Catalogue.Version, record.CatalogueVersion);
        Assert.Equal(record.CostUsd, JsonElement.Parse(record.PriceRows).EnumerateArray().Sum(row => row.GetProperty("costUsd").GetDecimal()));
        Assert.Equal((Calls.Id, Calls.Now, Calls.WorkspaceId, Calls.UserId, Calls.KeyId, Calls.TokenId), (record.Id, record.StartedAt, record.WorkspaceId, record.UserId, record.KeyId, record.TokenId));
        Assert.Equal(("gateway", "chat_completions", "openai/gpt-4o-mini", "openai", "gpt-4o-mini", true), (record.Source, record.Dialect, record.RequestedModel, record.Provider, record.Model, record.Stream));
        Assert.Equal(("stop", null, 200, "c1"), (record.FinishReason, record.ErrorCode, record.UpstreamStatus, record.UpstreamResponseId));
        Assert.Equal((1_500d, 0d), (record.LatencyMs, record.TimeToFirstTokenMs));
        Assert.Equal("""[{"provider":"openai","model":"gpt-4o-mini","outcome":"ok","status":200,"latencyMs":1500}]""", record.Attempts);
    }

    [Fact]
    public void Before_a_call_goes_out_it_stands_in_the_spool_as_interrupted_with_its_estimated_input()
    {
        var (settlement, _) = Open();
        settlement.Start();

        var record = Assert.Single(_rig.Records);
        Assert.Equal(SpoolRecordKind.Started, record.Kind);
        Assert.Equal((UsageStatuses.Interrupted, UsageQualities.Estimated), (record.Usage.Status, record.Usage.UsageQuality));
        Assert.Equal((Request.EstimatedInputTokens, 0), (record.Usage.InputTokens, record.Usage.OutputTokens));
        Assert.Equal(Request.EstimatedInputTokens * 0.00000015m, record.Usage.CostUsd);
    }

    [Fact]
    public void A_stream_is_marked_at_its_first_content_and_then_at_most_each_second()
    {
        var (settlement, upstream) = Open();
        settlement.Start();
        SettlementRig.Feed(upstream, "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n");
        Assert.Empty(Marks);

        for (var i = 0; i < 30; i++)
        {
            SettlementRig.Feed(upstream, Content);
            _rig.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal([1, 11, 21], Marks.Select(mark => mark.OutputTokens));
        Assert.All(Marks, mark => Assert.Equal((UsageStatuses.Interrupted, UsageQualities.Estimated), (mark.Status, mark.UsageQuality)));
    }

    [Fact]
    public void Nothing_is_marked_any_more_once_a_call_is_settled()
    {
        var (settlement, upstream) = Open();
        SettlementRig.Feed(upstream, Content + Stop + Usage + Done);
        settlement.Finish(CallEnd.Ok, upstream);
        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        SettlementRig.Feed(upstream, Content);

        Assert.Equal(SpoolRecordKind.Finished, _rig.Records[^1].Kind);
    }

    [Theory]
    [InlineData("x", 10, 10)]
    [InlineData("twelve chars", 10, 30)]
    [InlineData("five!", 3, 4)]
    public void An_interrupted_stream_costs_at_least_what_was_sent(string text, int events, long tokens)
    {
        var (settlement, upstream) = Open();
        SettlementRig.Feed(upstream, string.Concat(Enumerable.Repeat(Content.Replace("\"x\"", $"\"{text}\"", StringComparison.Ordinal), events)));

        var record = settlement.Finish(BrokenOff, upstream).Record;

        Assert.Equal((UsageStatuses.Interrupted, UsageQualities.Estimated, ErrorCodes.StreamInterrupted), (record.Status, record.UsageQuality, record.ErrorCode));
        Assert.Equal((Request.EstimatedInputTokens, tokens), (record.InputTokens, record.OutputTokens));
        Assert.Equal((Request.EstimatedInputTokens * 0.00000015m) + (tokens * 0.0000006m), record.CostUsd);
    }

    [Fact]
    public void An_estimate_never_falls_below_what_the_provider_already_counted()
    {
        var (settlement, upstream) = Open();
        SettlementRig.Feed(upstream, Content.Replace("}]}", "}],\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":40}}", StringComparison.Ordinal));

        var record = settlement.Finish(BrokenOff, upstream).Record;

        Assert.Equal((500, 40, UsageQualities.Estimated), (record.InputTokens, record.OutputTokens, record.UsageQuality));
    }

    [Fact]
    public void A_caller_who_leaves_pays_for_what_was_sent()
    {
        var (settlement, upstream) = Open();
        SettlementRig.Feed(upstream, Content + Content);

        var record = settlement.Finish(CallEnd.ClientCancelled, upstream).Record;

        Assert.Equal((UsageStatuses.ClientCancelled, UsageQualities.Estimated, 2), (record.Status, record.UsageQuality, record.OutputTokens));
        Assert.NotEqual(0, record.CostUsd);
    }

    [Fact]
    public void Whatever_is_called_and_however_often_one_final_record_is_left()
    {
        var (settlement, upstream) = Open();
        settlement.Start();
        SettlementRig.Feed(upstream, Content + Stop + Usage + Done);

        var first = settlement.Finish(CallEnd.Ok, upstream);
        var second = settlement.Finish(CallEnd.ClientCancelled, upstream);
        var third = settlement.Finish(new CallEnd(UsageStatuses.Refused), upstream: null);

        Assert.Same(first, second);
        Assert.Same(first, third);
        Assert.Equal(UsageStatuses.Ok, Assert.Single(_rig.Finished).Status);
        Assert.Single(first.Attempts);
    }

    [Fact]
    public void A_call_that_is_refused_before_it_has_a_target_used_nothing_and_cost_nothing()
    {
        var call = Calls.Create(Request, _rig.Clock, Calls.Key());
        var refused = new CallEnd(UsageStatuses.Refused, new InferenceError(404, ErrorCodes.ModelNotFound, "There is none."));

        var record = _rig.Service.Open(call, target: null).Finish(refused, upstream: null).Record;

        Assert.Equal((UsageStatuses.Refused, UsageQualities.None, ErrorCodes.ModelNotFound), (record.Status, record.UsageQuality, record.ErrorCode));
        Assert.Equal((null, null, 0m), (record.InputTokens, record.OutputTokens, record.CostUsd));
        Assert.Equal((null, null, null, null), (record.Provider, record.Model, record.TokenId, record.UpstreamStatus));
        Assert.Equal(("[]", "[]"), (record.PriceRows, record.Attempts));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(529)]
    public void A_call_that_no_model_answered_used_nothing_and_cost_nothing(int? status)
    {
        var (settlement, upstream) = Open(status: status);

        var record = settlement.Finish(Failed, upstream).Record;

        Assert.Equal((UsageQualities.None, null, null, 0m), (record.UsageQuality, record.InputTokens, record.OutputTokens, record.CostUsd));
        Assert.Equal(status, record.UpstreamStatus);
        Assert.Equal(ErrorCodes.ProviderError, JsonElement.Parse(record.Attempts)[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public void An_error_inside_a_200_is_free_before_the_first_content_and_estimated_after_it()
    {
        const string Error = "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n";
        var (early, earlyUpstream) = Open();
        SettlementRig.Feed(earlyUpstream, Error);
        var (late, lateUpstream) = Open();
        SettlementRig.Feed(lateUpstream, Content + Error);

        Assert.Equal((UsageQualities.None, 0m), (early.Finish(Failed, earlyUpstream).Record.UsageQuality, early.Finish(Failed, earlyUpstream).Record.CostUsd));
        Assert.Equal((UsageQualities.Estimated, 1), (late.Finish(Failed, lateUpstream).Record.UsageQuality, late.Finish(Failed, lateUpstream).Record.OutputTokens));
    }

    [Fact]
    public void A_model_without_a_price_costs_null_and_never_zero()
    {
        var (settlement, upstream) = Open(Calls.Target("custom", "llama3:8b"));
        settlement.Start();
        SettlementRig.Feed(upstream, Content + Stop + Usage + Done);

        var record = settlement.Finish(CallEnd.Ok, upstream).Record;

        Assert.Null(record.CostUsd);
        Assert.Null(record.CatalogueVersion);
        Assert.Equal((20, 9, UsageQualities.Exact), (record.InputTokens, record.OutputTokens, record.UsageQuality));
        Assert.Null(_rig.Records[0].Usage.CostUsd);
    }

    [Theory]
    [InlineData("openai/gpt-oss-120b:novita", null, "novita", "0.00000325")]
    [InlineData("openai/gpt-oss-120b:novita", "nscale", "nscale", "0.0000056")]
    [InlineData("openai/gpt-oss-120b:fastest", "novita", "novita", "0.00000325")]
    [InlineData("openai/gpt-oss-120b", "novita", "novita", "0.00000325")]
    [InlineData("openai/gpt-oss-120b:fastest", null, null, null)]
    [InlineData("openai/gpt-oss-120b", null, null, null)]
    [InlineData("openai/gpt-oss-120b:", null, null, null)]
    [InlineData("openai/gpt-oss-120b", "nobody-we-know", "nobody-we-know", null)]
    public void Hugging_Face_is_priced_by_who_really_served_or_not_at_all(string model, string? header, string? servedBy, string? costUsd)
    {
        var (settlement, upstream) = Open(Calls.Target("huggingface", model));
        upstream.Observation.ServedBy = header;
        SettlementRig.Feed(upstream, Content + Stop + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":9}}\n\n" + Done);

        var record = settlement.Finish(CallEnd.Ok, upstream).Record;

        Assert.Equal(servedBy, record.ServedBy);
        Assert.Equal(costUsd is null ? null : decimal.Parse(costUsd, System.Globalization.CultureInfo.InvariantCulture), record.CostUsd);
    }

    [Fact]
    public void An_answer_that_ended_without_usage_is_estimated()
    {
        var (settlement, upstream) = Open();
        SettlementRig.Feed(upstream, Content + Stop + Done);

        var record = settlement.Finish(CallEnd.Ok, upstream).Record;

        Assert.Equal((UsageStatuses.Ok, UsageQualities.Estimated, 1), (record.Status, record.UsageQuality, record.OutputTokens));
    }

    // One such character and PostgreSQL refuses the whole batch that the record is in, for ever.
    [Fact]
    public void Text_from_a_provider_that_the_database_could_not_store_is_cleaned()
    {
        var (settlement, upstream) = Open();
        SettlementRig.Feed(upstream, "data: {\"id\":\"c\\u0000\\u00001\",\"model\":\"m\\u0000\",\"service_tier\":\"fl\\u0000ex\",\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"st\\u0000op\"}]}\n\n");
        upstream.Observation.ServedBy = "no\0vita";
        var error = new CallEnd(UsageStatuses.Error, new InferenceError(400, "co\0de", "It failed."));

        var record = settlement.Finish(error, upstream).Record;

        Assert.Equal(("c1", "flex", "novita", "code"), (record.UpstreamResponseId, record.ServiceTier, record.ServedBy, record.ErrorCode));
        var texts = typeof(UsageEvent).GetProperties().Select(property => property.GetValue(record)).OfType<string>();
        Assert.DoesNotContain(texts, text => text.Contains('\0', StringComparison.Ordinal) || text.Contains("\\u0000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_cannot_start_when_its_record_cannot_be_written()
    {
        using var rig = new SettlementRig(segmentBytes: 1);
        var (first, _) = rig.Open(Calls.Create(Request, rig.Clock), Calls.Target("openai", "gpt-4o-mini"));
        first.Start();
        rig.BreakSpool();
        var (second, _) = rig.Open(Calls.Create(Request, rig.Clock), Calls.Target("openai", "gpt-4o-mini"));

        Assert.Throws<UsageNotRecordedException>(second.Start);
    }

    [Fact]
    public void A_mark_that_cannot_be_written_does_not_break_off_the_answer()
    {
        using var rig = new SettlementRig(segmentBytes: 1);
        var (settlement, upstream) = rig.Open(Calls.Create(Request, rig.Clock), Calls.Target("openai", "gpt-4o-mini"));
        settlement.Start();
        rig.BreakSpool();

        SettlementRig.Feed(upstream, Content);

        Assert.True(upstream.Observation.FirstContentSeen);
    }

    [Fact]
    public void A_final_record_that_could_not_be_written_can_be_tried_again_and_counts_its_attempt_once()
    {
        using var rig = new SettlementRig(segmentBytes: 1);
        var (settlement, upstream) = rig.Open(Calls.Create(Request, rig.Clock), Calls.Target("openai", "gpt-4o-mini"));
        settlement.Start();
        SettlementRig.Feed(upstream, Content + Stop + Usage + Done);
        rig.BreakSpool();
        Assert.Throws<UsageNotRecordedException>(() => settlement.Finish(CallEnd.Ok, upstream));
        Directory.CreateDirectory(rig.Spool.InstancePath);

        var settled = settlement.Finish(CallEnd.Ok, upstream);

        Assert.Equal((UsageStatuses.Ok, 1), (settled.Record.Status, settled.Attempts.Count));
    }

    private static Aistrale.Core.Inference.Dialects.ChatCompletions.ChatCompletionsRequest Request { get; } = Calls.Chat("openai/gpt-4o-mini", stream: true);

    private List<UsageEvent> Marks => [.. _rig.Records.Where(record => record.Kind == SpoolRecordKind.Progress).Select(record => record.Usage)];

    private (CallSettlement Settlement, UpstreamCall Upstream) Open(RouteTarget? target = null, int? status = 200) =>
        _rig.Open(Calls.Create(Request, _rig.Clock, Calls.Key()), target ?? Calls.Target("openai", "gpt-4o-mini"), status);
}
