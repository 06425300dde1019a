using System.Globalization;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Upstream;

namespace Aistrale.Core.Inference.Lanes;

/// <summary>What a lane works with during one attempt, and the headers that every answer carries.</summary>
internal sealed record LaneContext(InferenceCall Call, UpstreamCall Upstream, CallSettlement Settlement, IAnswerWriter Writer, IAnswerBody Body, TimeProvider Clock)
{
    /// <summary>Answers above this size are passed on as they come, without the cost in a header.</summary>
    public const int MaxBufferedAnswerBytes = 8 * 1024 * 1024;

    public void SetHeaders()
    {
        Body.SetHeader("x-aistrale-provider", Upstream.Target.Provider.Name);
        Body.SetHeader("x-aistrale-model", Upstream.Target.Model);
        Body.SetHeader("x-aistrale-attempts", "1");
        var waited = Upstream.HeadersTimestamp == 0 ? TimeSpan.Zero : Clock.GetElapsedTime(Upstream.SentTimestamp, Upstream.HeadersTimestamp);
        var overhead = Clock.GetElapsedTime(Call.StartTimestamp, Upstream.HeadersTimestamp == 0 ? Clock.GetTimestamp() : Upstream.HeadersTimestamp) - waited;
        Body.SetHeader("x-aistrale-overhead-us", ((long)overhead.TotalMicroseconds).ToString(CultureInfo.InvariantCulture));
    }

    public void SetCost(SettledCall settled)
    {
        if (settled.Record.CostUsd is { } cost)
        {
            Body.SetHeader("x-aistrale-cost-usd", cost.ToString("0.############", CultureInfo.InvariantCulture));
        }
    }
}
