using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects;

internal static class ReasoningEfforts
{
    public static ReasoningEffort? Parse(string text) => text switch
    {
        "none" => ReasoningEffort.None,
        "minimal" or "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.ExtraHigh,
        _ => null,
    };
}
