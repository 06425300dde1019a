using Aistrale.Core.Inference.Usage;

namespace Aistrale.Core.Inference;

/// <summary>Stop reasons as records and Chat Completions name them.</summary>
internal static class FinishReasons
{
    public static string Name(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.Pause => "pause",
        _ => "error",
    };
}
