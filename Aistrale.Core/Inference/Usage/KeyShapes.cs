using System.Text;
using System.Text.RegularExpressions;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Takes out of a text whatever has the shape of a key. Providers quote the key they refuse, sometimes in full.</summary>
internal static partial class KeyShapes
{
    public const int MaxMessageBytes = 1024;

    private const string Mark = "[redacted]";

    /// <summary>Null when the message is too long to pass; a cut one could mislead, or end inside a secret.</summary>
    public static string? RemoveFromMessage(string? message) =>
        Remove(message) is { Length: > 0 } clean && Encoding.UTF8.GetByteCount(clean) <= MaxMessageBytes ? clean : null;

    public static string? Remove(string? text) => text is null ? null : Shape().Replace(text, Mark);

    // sk-… covers sk-ant-… and sk-proj-…; masked keys ("sk-proj-****abcd") go as well, since their tail is a hint.
    [GeneratedRegex(
        """(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_\-*.]{4,}|AIza[A-Za-z0-9_\-*]{4,}|gsk_[A-Za-z0-9_\-*]{4,}|hf_[A-Za-z0-9*]{6,}|ais_[A-Za-z0-9_\-*]{4,})|\bBearer\s+[^\s"',;]+|(?<=[?&]key=)[^&\s"']+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
