using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Aistrale.Sandbox.Serving;

/// <summary>Lenient reading of request members: what is absent or of another type counts as not given.</summary>
internal static class RequestElements
{
    /// <summary>What an image or a file counts as: 85 tokens.</summary>
    private const int AttachmentCharacters = 340;

    public static string? String(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static int? Integer(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    /// <summary>A string, or the strings of an array.</summary>
    public static IEnumerable<string> Strings(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!),
        _ => [],
    };

    public static long RawLength(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;

    /// <summary>Characters of a message's content: a string, or parts with a text each; other parts count as an attachment.</summary>
    public static long Characters(this JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return Length(content);
            case JsonValueKind.Array:
                var sum = 0L;
                foreach (var part in content.EnumerateArray())
                {
                    sum += part.ValueKind switch
                    {
                        JsonValueKind.String => Length(part),
                        JsonValueKind.Object when part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String => Length(text),
                        JsonValueKind.Object when part.TryGetProperty("content", out var inner) => Characters(inner),
                        _ => AttachmentCharacters,
                    };
                }

                return sum;
            default:
                return 0;
        }
    }

    /// <summary>The text of a message's content, parts joined by a line break.</summary>
    public static string JoinText(this JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        var joined = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            var text = part.ValueKind == JsonValueKind.String ? part.GetString() : part.String("text");
            if (!string.IsNullOrEmpty(text))
            {
                joined.Append(joined.Length > 0 ? "\n" : "").Append(text);
            }
        }

        return joined.ToString();
    }

    // Without making a string where that is not needed: in ASCII without escapes, bytes are characters.
    private static long Length(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        return Ascii.IsValid(raw) && !raw.Contains((byte)'\\') ? raw.Length - 2 : text.GetString()!.Length;
    }
}
