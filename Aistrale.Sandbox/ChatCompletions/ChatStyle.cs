namespace Aistrale.Sandbox.ChatCompletions;

/// <summary>Where servers of the Chat Completions format differ.</summary>
internal sealed record ChatStyle(string? FingerprintPrefix, bool HasTier, bool HasRefusal, string? ReasoningField, bool IsGroq, bool IsHuggingFace)
{
    /// <summary>Reasoning is counted but never shown.</summary>
    public static readonly ChatStyle OpenAI = new("fp_", HasTier: true, HasRefusal: true, ReasoningField: null, IsGroq: false, IsHuggingFace: false);

    public static readonly ChatStyle Groq = new("fp_", HasTier: true, HasRefusal: false, "reasoning", IsGroq: true, IsHuggingFace: false);

    public static readonly ChatStyle HuggingFace = new("fp_", HasTier: false, HasRefusal: false, "reasoning_content", IsGroq: false, IsHuggingFace: true);

    /// <summary>As vLLM and llama.cpp answer.</summary>
    public static readonly ChatStyle Custom = new(null, HasTier: false, HasRefusal: false, "reasoning_content", IsGroq: false, IsHuggingFace: false);
}
