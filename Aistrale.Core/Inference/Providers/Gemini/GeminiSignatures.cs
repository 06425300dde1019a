using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>
/// Where a part's <c>thoughtSignature</c> is kept between two turns. It must return verbatim, on the kind of part that it came with.
/// A thought keeps it in <see cref="TextReasoningContent.ProtectedData"/>, a call in its additional properties. A text hands it to an empty
/// reasoning content after it, because text contents are joined when a stream is collected and would lose it.
/// </summary>
internal static class GeminiSignatures
{
    /// <summary>Name of the additional property on a <see cref="FunctionCallContent"/>.</summary>
    public const string Property = "thoughtSignature";

    /// <summary>What Google documents for calls that Gemini did not make itself, or whose signature a client could not keep; Gemini 3 answers 400 without any.</summary>
    public const string Unknown = "skip_thought_signature_validator";

    private const string OfPreviousText = "thoughtSignatureOfPreviousText";

    public static string? Of(AIContent content) => content.AdditionalProperties?.TryGetValue(Property, out string? signature) == true ? signature : null;

    public static void Attach(AIContent content, string? signature)
    {
        if (signature is not null)
        {
            (content.AdditionalProperties ??= [])[Property] = signature;
        }
    }

    public static TextReasoningContent Carrier(string signature, bool ofPreviousText)
    {
        var carrier = new TextReasoningContent(string.Empty) { ProtectedData = signature };
        if (ofPreviousText)
        {
            carrier.AdditionalProperties = new() { [OfPreviousText] = true };
        }

        return carrier;
    }

    public static bool BelongsToPreviousText(AIContent content) =>
        content is TextReasoningContent && content.AdditionalProperties?.ContainsKey(OfPreviousText) == true;
}
