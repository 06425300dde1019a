using System.Diagnostics;
using Aistrale.Core.Inference.Routing;

namespace Aistrale.Core.Inference;

/// <summary>The trace span of a call, by OpenTelemetry's GenAI conventions. Ids and names only, no contents.</summary>
internal static class InferenceSpan
{
    public static Activity? Start(InferenceCall call, RouteTarget target)
    {
        var span = InferenceMetrics.Source.StartActivity($"chat {target.Model}", ActivityKind.Client);
        span?.SetTag("gen_ai.operation.name", "chat");
        span?.SetTag("gen_ai.provider.name", target.Provider.Name);
        span?.SetTag("gen_ai.request.model", call.Request.Model);
        span?.SetTag("gen_ai.response.model", target.Model);
        span?.SetTag("aistrale.call.id", call.Id);
        return span;
    }
}
