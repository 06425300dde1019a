using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aistrale.Sandbox.Serving;

/// <summary>Writes JSON as UTF-8 bytes, without objects in between: answers are mostly constant text.</summary>
internal static class JsonBytes
{
    public static void Raw(this IBufferWriter<byte> output, ReadOnlySpan<byte> utf8) => output.Write(utf8);

    public static void Number(this IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>A number with six decimals, as Groq writes its times.</summary>
    public static void Seconds(this IBufferWriter<byte> output, double value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(40), out var written, new StandardFormat('F', 6));
        output.Advance(written);
    }

    public static void Bool(this IBufferWriter<byte> output, bool value) => output.Write(value ? "true"u8 : "false"u8);

    /// <summary>A JSON string with its quotes, or <c>null</c>.</summary>
    public static void Text(this IBufferWriter<byte> output, string? value)
    {
        if (value is null)
        {
            output.Write("null"u8);
            return;
        }

        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
    }

    /// <summary>Bytes that are already the inside of a JSON string.</summary>
    public static void Escaped(this IBufferWriter<byte> output, ReadOnlySpan<byte> escaped)
    {
        output.Write("\""u8);
        output.Write(escaped);
        output.Write("\""u8);
    }

    /// <summary>A member of the caller's request as it came, or the given JSON when it is absent.</summary>
    public static void Echo(this IBufferWriter<byte> output, JsonElement body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> otherwise)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value))
        {
            output.Write(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value));
        }
        else
        {
            output.Write(otherwise);
        }
    }
}
