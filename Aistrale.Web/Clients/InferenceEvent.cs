using Aistrale.Contracts;

namespace Aistrale.Web.Clients;

/// <summary>One step of a streamed answer. The last one is <see cref="Completed"/> or <see cref="Failed"/>.</summary>
internal abstract record InferenceEvent
{
    internal sealed record Started(InferenceStarted Run) : InferenceEvent;

    internal sealed record Text(string Value) : InferenceEvent;

    internal sealed record Reasoning(string Value) : InferenceEvent;

    internal sealed record ToolCalled(ToolCallResponse Call) : InferenceEvent;

    internal sealed record Completed(InferenceRunResponse Run) : InferenceEvent;

    internal sealed record Failed(string Code, string Message, string? TraceId) : InferenceEvent;
}
