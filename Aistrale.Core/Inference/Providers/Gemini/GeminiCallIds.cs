using System.Security.Cryptography;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>Gemini may leave the id of a call out and then matches results by name and order; every other dialect needs one.</summary>
internal static class GeminiCallIds
{
    // The prefix tells our own ids from Gemini's when the conversation comes back, even by way of a client that knows neither.
    private const string OwnPrefix = "call_gm_";

    public static string Create() => OwnPrefix + RandomNumberGenerator.GetHexString(20, lowercase: true);

    /// <summary>The id to send, or null when Gemini never saw it.</summary>
    public static string? ForWire(string callId) => callId.StartsWith(OwnPrefix, StringComparison.Ordinal) ? null : callId;
}
