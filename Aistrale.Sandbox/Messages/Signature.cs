using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aistrale.Sandbox.Messages;

/// <summary>
/// Signatures of thinking blocks and of Gemini's function calls. They follow from what they sign, so a
/// transcript that comes back changed, or without them, is noticed without anything being stored.
/// </summary>
internal static class Signature
{
    public static string OfEscaped(ReadOnlySpan<byte> escaped)
    {
        var quoted = new byte[escaped.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        escaped.CopyTo(quoted.AsSpan(1));
        using var text = JsonDocument.Parse(quoted);
        return Of(text.RootElement.GetString()!);
    }

    public static string Of(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("sandbox signature of " + text)));
}
