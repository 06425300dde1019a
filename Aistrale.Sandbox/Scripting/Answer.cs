namespace Aistrale.Sandbox.Scripting;

/// <summary>Why the answer ends, before a wire format gives it its own word.</summary>
internal enum Stop
{
    Natural,
    Sequence,
    Length,
    ToolCalls,
    ContentFilter,

    /// <summary>The word of the <c>finish</c> directive goes out as it is.</summary>
    Verbatim,
}

/// <summary>A call of a declared tool: the arguments as JSON, and the same text cut into fragments for a stream.</summary>
internal sealed record ToolCall(string Name, int Index, byte[] Json, ChunkedText Fragments);

/// <summary>Everything that the model "thought" and "said", independent of the wire format.</summary>
internal sealed record Answer(
    ChunkedText Reasoning,
    ChunkedText Text,
    IReadOnlyList<ToolCall> ToolCalls,
    Stop Stop,
    string? Verbatim,
    string? StopSequence,
    bool Endless)
{
    public int ToolTokens { get; } = ToolCalls.Sum(call => call.Fragments.Count);

    public int Tokens => Reasoning.Count + Text.Count + ToolTokens;
}
