using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Pricing;

namespace Aistrale.Core.Inference.Settlement;

/// <summary>Opens the bill of each call. Exactly one usage record comes of it, whatever ends the call.</summary>
internal sealed class SettlementService(UsageSpool spool, PriceCatalogue catalogue, InferenceMetrics metrics, TimeProvider clock)
{
    /// <param name="target">Null for a call that is refused before a target was chosen.</param>
    public CallSettlement Open(InferenceCall call, RouteTarget? target) => new(call, target, spool, catalogue, metrics, clock);
}
