using System.Buffers;
using System.Text.Json;

namespace Aistrale.Core.Inference.Dialects.ChatCompletions;

/// <summary>OpenAI's error shape: <c>{"error":{"message":"…","type":"invalid_request_error","param":null,"code":"model_not_found"}}</c>.</summary>
public static class ChatCompletionsErrors
{
    public static void Write(IBufferWriter<byte> output, InferenceError error)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type ?? Type(error.Status));
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Type(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
