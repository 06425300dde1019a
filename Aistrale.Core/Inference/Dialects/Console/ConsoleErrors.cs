using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace Aistrale.Core.Inference.Dialects.Console;

/// <summary>RFC 9457, as everywhere under /api.</summary>
internal static class ConsoleErrors
{
    public static void Write(IBufferWriter<byte> output, InferenceError error)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        json.WriteString("title"u8, "The model call did not succeed."u8);
        json.WriteNumber("status"u8, error.Status);
        json.WriteString("detail"u8, error.Message);
        json.WriteString("code"u8, error.Code);
        if (Activity.Current?.TraceId is { } traceId)
        {
            json.WriteString("traceId"u8, traceId.ToHexString());
        }

        json.WriteEndObject();
    }
}
