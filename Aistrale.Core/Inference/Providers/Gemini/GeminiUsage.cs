using Aistrale.Core.Inference.Usage;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>The counts as the chat abstraction knows them, from the same reader that settlement uses.</summary>
internal static class GeminiUsage
{
    /// <summary>Null when the answer stated no usage.</summary>
    public static UsageDetails? ToDetails(UpstreamObservation seen) =>
        seen.InputTokens is null && seen.OutputTokens is null
            ? null
            : new UsageDetails
            {
                InputTokenCount = seen.InputTokens,
                OutputTokenCount = seen.OutputTokens,
                TotalTokenCount = seen.InputTokens + seen.OutputTokens,
                CachedInputTokenCount = seen.CachedInputTokens,
                ReasoningTokenCount = seen.ReasoningTokens,
            };
}
