using System.Globalization;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Lanes;
using Aistrale.Core.Inference.Providers.Gemini;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Upstream;

namespace Aistrale.Core.Inference;

/// <summary>The path of every call, from the console and from programs alike: route, attempt, settle.</summary>
public sealed class InferenceService
{
    private static readonly CallEnd NotRecorded = new(UsageStatuses.Error, new InferenceError(
        503, ErrorCodes.Overloaded, "Usage cannot be recorded at this moment. Try again shortly.", RetryAfter: TimeSpan.FromSeconds(5)));

    private readonly Router _router;
    private readonly NativeLane _native;
    private readonly TranslatedLane _translated;
    private readonly SettlementService _settlements;
    private readonly TimeProvider _clock;

    internal InferenceService(Router router, NativeLane native, TranslatedLane translated, SettlementService settlements, TimeProvider clock)
    {
        _router = router;
        _native = native;
        _translated = translated;
        _settlements = settlements;
        _clock = clock;
    }

    /// <summary>Answers the call in its dialect, and leaves exactly one usage record of it.</summary>
    public async Task ExecuteAsync(InferenceCall call, IAnswerBody body, CancellationToken callerGone)
    {
        using var writer = call.Request.CreateWriter();
        var plan = _router.Plan(call);
        if (plan.Failure is { } refused)
        {
            var refusal = Refuse(_settlements.Open(call, target: null), new InferenceError(Status(refused.Code), refused.Code, refused.Message, Param: refused.Field));
            await WriteErrorAsync(refusal.Error!, writer, body, callerGone);
            return;
        }

        var target = plan.Value[0];
        using var span = InferenceSpan.Start(call, target);
        var settlement = _settlements.Open(call, target);
        var end = await AttemptAsync(call, target, settlement, writer, body, callerGone);
        if (end.Error is { } failed && !callerGone.IsCancellationRequested)
        {
            await WriteErrorAsync(failed, writer, body, callerGone);
        }
    }

    private async Task<CallEnd> AttemptAsync(InferenceCall call, RouteTarget target, CallSettlement settlement, IAnswerWriter writer, IAnswerBody body, CancellationToken callerGone)
    {
        var uri = target.Provider.NativeUri(call.Request.Dialect, target.Token.BaseUrl);
        var translation = uri is null ? call.Request.Translate() : default;
        if (translation.Failure is { } untranslatable)
        {
            return Refuse(settlement, new InferenceError(400, untranslatable.Code, untranslatable.Message, Param: untranslatable.Field));
        }

        using var upstream = new UpstreamCall(call, target, settlement, _clock, callerGone) { LaneReadsBody = uri is not null };
        var end = new CallEnd(UsageStatuses.Interrupted, new InferenceError(500, ErrorCodes.Internal, "The call failed inside Aistrale. Its record is kept; look for the request id in the logs."));
        try
        {
            settlement.Start();
        }
        catch (UsageNotRecordedException)
        {
            // No record, no call: it could not be billed.
            return NotRecorded;
        }

        try
        {
            UpstreamCall.Current = upstream;
            var lane = new LaneContext(call, upstream, settlement, writer, body, _clock);
            end = uri is null ? await _translated.SendAsync(lane, translation.Value) : await _native.SendAsync(lane, uri);
        }
        catch (Exception exception) when (UpstreamFailure.IsUpstream(exception))
        {
            end = UpstreamFailure.Explain(upstream);
        }
        catch (UnsupportedParameterException unsupported)
        {
            end = new CallEnd(UsageStatuses.Refused, new InferenceError(400, ErrorCodes.UnsupportedParameter, unsupported.Message, Param: unsupported.Parameter));
        }
        catch (UsageNotRecordedException)
        {
            // No answer without its record either.
            end = NotRecorded;
        }
        finally
        {
            UpstreamCall.Current = null;
            end = Finish(settlement, end, upstream);
        }

        return end;
    }

    private static CallEnd Refuse(CallSettlement settlement, InferenceError error) =>
        Finish(settlement, new CallEnd(UsageStatuses.Refused, error), upstream: null);

    private static CallEnd Finish(CallSettlement settlement, CallEnd end, UpstreamCall? upstream)
    {
        try
        {
            settlement.Finish(end, upstream);
            return end;
        }
        catch (UsageNotRecordedException)
        {
            // The call stands in the spool as its last mark left it.
            return NotRecorded;
        }
    }

    private static async Task WriteErrorAsync(InferenceError error, IAnswerWriter writer, IAnswerBody body, CancellationToken ct)
    {
        if (body.HasStarted)
        {
            writer.WriteStreamError(body.Output, error);
        }
        else
        {
            if (error.RetryAfter is { } wait)
            {
                body.SetHeader("retry-after", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            }

            body.Start(error.Status, writer.ErrorContentType);
            writer.WriteError(body.Output, error);
        }

        await body.Output.FlushAsync(ct);
    }

    private static int Status(string code) => code switch
    {
        ErrorCodes.ModelNotFound => 404,
        ErrorCodes.ModelNotAllowed => 403,
        _ => 400,
    };
}
