using System.Buffers;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects;

/// <summary>A request in some dialect: enough read to route it; translated only when the target speaks another dialect.</summary>
public interface IDialectRequest
{
    Dialect Dialect { get; }

    /// <summary>As the caller wrote it.</summary>
    string Model { get; }

    bool Stream { get; }

    /// <summary>Most tokens that the caller wants to get; null = no limit given.</summary>
    int? MaxOutputTokens { get; }

    /// <summary>A rough count of input tokens, for when the provider's own count never comes.</summary>
    long EstimatedInputTokens { get; }

    /// <summary>True when the caller asked for usage inside the stream; otherwise what we asked for on top is taken out again.</summary>
    bool WantsStreamUsage { get; }

    /// <summary>The body as it goes out in the native lane: the caller's bytes, with only the model's name and the usage flag changed.</summary>
    void WriteNative(IBufferWriter<byte> output, string upstreamModel);

    /// <summary>The request in Microsoft.Extensions.AI's terms, or why it has no equivalent there.</summary>
    Outcome<CanonicalRequest> Translate();

    internal IAnswerWriter CreateWriter();
}

/// <summary>A call in Microsoft.Extensions.AI's terms.</summary>
/// <param name="Dropped">Request fields without an equivalent that do not change the answer; reported in <c>x-aistrale-dropped</c>.</param>
public sealed record CanonicalRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, IReadOnlyList<string> Dropped);
