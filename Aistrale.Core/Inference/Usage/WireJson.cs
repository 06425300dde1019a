using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Forward-only reading of provider JSON: a value of an unexpected kind is skipped, never an error. Each method starts on a property name and ends on the last token of its value.</summary>
internal static class WireJson
{
    /// <summary>More tokens than any call can use; keeps sums of hostile numbers far from overflow.</summary>
    public const long MaxCount = 1_000_000_000_000;

    private static readonly JsonReaderOptions Lenient = new()
    {
        // Tool arguments and schemas nest deeper than the default of 64; a bound remains against hostile input.
        MaxDepth = 256,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static Utf8JsonReader Open(ReadOnlySpan<byte> utf8Json) =>
        new(utf8Json.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json, Lenient);

    public static bool NextProperty(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    public static bool NextElement(ref Utf8JsonReader json) => json.Read() && json.TokenType != JsonTokenType.EndArray;

    public static bool EnterObject(ref Utf8JsonReader json) => Enter(ref json, JsonTokenType.StartObject);

    public static bool EnterArray(ref Utf8JsonReader json) => Enter(ref json, JsonTokenType.StartArray);

    /// <summary>A token count, at least 0; null when the value is not a number.</summary>
    public static long? Count(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.Number)
        {
            json.Skip();
            return null;
        }

        if (json.TryGetInt64(out var whole))
        {
            return Math.Clamp(whole, 0, MaxCount);
        }

        return json.TryGetDouble(out var number) && double.IsFinite(number) ? (long)Math.Clamp(number, 0, MaxCount) : null;
    }

    /// <summary>A short string; null when the value is another kind, empty, not valid text, or longer than <paramref name="maxBytes"/>.</summary>
    public static string? Text(ref Utf8JsonReader json, int maxBytes = 256)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return Current(ref json, maxBytes);
        }

        json.Skip();
        return null;
    }

    /// <summary>The string that the reader stands on.</summary>
    public static string? Current(ref Utf8JsonReader json, int maxBytes)
    {
        if (json.ValueSpan.Length is 0 || json.ValueSpan.Length > maxBytes)
        {
            return null;
        }

        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair or broken UTF-8; the rest of the event is still good.
            return null;
        }
    }

    /// <summary>Length of a string value in characters, without decoding it; 0 for another kind.</summary>
    public static long Length(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return CurrentLength(ref json);
        }

        json.Skip();
        return 0;
    }

    public static long CurrentLength(ref Utf8JsonReader json)
    {
        var bytes = json.ValueSpan;
        var chars = 0L;
        for (var i = 0; i < bytes.Length; i++)
        {
            var current = bytes[i];
            if (current == (byte)'\\' && i + 1 < bytes.Length)
            {
                i += bytes[i + 1] == (byte)'u' ? 5 : 1;
                chars++;
            }
            else if ((current & 0xC0) != 0x80)
            {
                chars++;
            }
        }

        return chars;
    }

    /// <summary>The larger of two readings of one counter: streams repeat their counters, and some backends end with zeros.</summary>
    public static long? Larger(long? earlier, long? later) =>
        earlier is { } a && later is { } b ? Math.Max(a, b) : earlier ?? later;

    private static bool Enter(ref Utf8JsonReader json, JsonTokenType kind)
    {
        json.Read();
        if (json.TokenType == kind)
        {
            return true;
        }

        json.Skip();
        return false;
    }
}
