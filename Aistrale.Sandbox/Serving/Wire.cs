using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>A wire format: how a request is read and how its answer is written. One per route; holds no state.</summary>
internal abstract class Wire
{
    /// <summary>As a person would call it; appears in the default answer.</summary>
    public abstract string Name { get; }

    /// <summary>False for embeddings and token counting: they have input only.</summary>
    public virtual bool Generates => true;

    /// <summary>False where the answer has no counts of what was used up.</summary>
    public virtual bool ReportsUsage => true;

    public virtual SseFraming Framing => SseFraming.Usual;

    public virtual string ContentType => "application/json";

    public virtual string StreamContentType(Exchange exchange) => "text/event-stream; charset=utf-8";

    /// <summary>Takes from the body what the answer depends on. A fault when the provider would refuse the request.</summary>
    public abstract Fault? Read(JsonElement body, Ask ask);

    /// <summary>What can only be judged with the caller's key at hand.</summary>
    public virtual Fault? Check(Exchange exchange) => null;

    /// <summary>The counts as this format can express them.</summary>
    public virtual TokenUsage Express(TokenUsage usage) => usage;

    public abstract void WriteWhole(IBufferWriter<byte> output, Exchange exchange);

    public virtual StreamFormat OpenStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) =>
        throw new NotSupportedException($"{Name} has no stream.");
}
