using System.Collections.Frozen;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Why an answer ended, in one vocabulary for all dialects. The provider's own word is kept beside it, always.</summary>
public enum FinishReason
{
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
    Error,
    Pause,
}

/// <summary>The one table from every provider's stop words to <see cref="FinishReason"/>.</summary>
public static class StopMap
{
    private static readonly FrozenDictionary<string, FinishReason> Native = Build();

    /// <summary>Null for a word that is not in the table: an unknown reason is not guessed.</summary>
    /// <param name="native">The provider's word; for the Responses dialect <c>status</c> or <c>incomplete:reason</c>, for a blocked Gemini prompt <c>promptFeedback:reason</c>.</param>
    /// <param name="sawToolCalls">Gemini (and OpenAI under a forced tool choice) says "stop" although it called a tool.</param>
    public static FinishReason? ToCanonical(string? native, bool sawToolCalls = false)
    {
        if (native is null)
        {
            return null;
        }

        if (native.StartsWith("promptFeedback:", StringComparison.Ordinal))
        {
            return FinishReason.ContentFilter;
        }

        if (!Native.TryGetValue(native, out var reason))
        {
            return null;
        }

        return reason == FinishReason.Stop && sawToolCalls ? FinishReason.ToolCalls : reason;
    }

    private static FrozenDictionary<string, FinishReason> Build()
    {
        (FinishReason Reason, string[] Words)[] table =
        [
            (FinishReason.Stop, ["stop", "end_turn", "stop_sequence", "completed", "eos", "eos_token"]),
            (FinishReason.Length, ["length", "max_tokens", "model_context_window_exceeded", "model_length", "incomplete:max_output_tokens"]),
            (FinishReason.ToolCalls, ["tool_calls", "function_call", "tool_use"]),
            (FinishReason.ContentFilter,
            [
                "content_filter", "refusal", "incomplete:content_filter", "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION",
                "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR",
            ]),
            (FinishReason.Error,
            [
                "error", "failed", "MALFORMED_FUNCTION_CALL", "OTHER", "LANGUAGE", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL",
                "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE", "NO_IMAGE", "IMAGE_OTHER",
            ]),
            (FinishReason.Pause, ["pause_turn"]),
        ];
        return table
            .SelectMany(row => row.Words, (row, word) => KeyValuePair.Create(word, row.Reason))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
