using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>Writes contents as Gemini's parts.</summary>
internal sealed class GeminiPartWriter(Utf8JsonWriter json, bool demandsSignatures)
{
    private readonly Dictionary<string, string> _functionNames = [];

    public static bool CanWrite(AIContent content) => content switch
    {
        // Without its signature a thought is only a summary for people; Gemini takes nothing from it.
        TextReasoningContent thought => !string.IsNullOrEmpty(thought.ProtectedData),
        TextContent text => !string.IsNullOrEmpty(text.Text),
        DataContent data => !data.Data.IsEmpty,
        UriContent or FunctionCallContent or FunctionResultContent => true,
        _ => content.RawRepresentation is JsonElement { ValueKind: JsonValueKind.Object },
    };

    public void WriteTurn(GeminiTurn turn)
    {
        json.WriteStartObject();
        json.WriteString("role", turn.Role);
        json.WriteStartArray("parts");
        // Gemini 3 wants a signature on the first call of each turn; calls made in parallel after it have none.
        var needsSignature = demandsSignatures && turn.Role == GeminiTurn.Model;
        for (var i = 0; i < turn.Contents.Count; i++)
        {
            var content = turn.Contents[i];
            if (GeminiSignatures.BelongsToPreviousText(content) && i > 0 && turn.Contents[i - 1] is TextContent)
            {
                continue;
            }

            json.WriteStartObject();
            switch (content)
            {
                case FunctionCallContent call:
                    WriteCall(call, needsSignature);
                    needsSignature = false;
                    break;
                case TextContent text:
                    json.WriteString("text", text.Text);
                    WriteSignature(i + 1 < turn.Contents.Count ? FollowingSignature(turn.Contents[i + 1]) : null);
                    break;
                default:
                    WriteOther(content);
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteOther(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent thought:
                json.WriteString("text", thought.Text);
                if (thought.Text.Length > 0)
                {
                    json.WriteBoolean("thought", true);
                }

                WriteSignature(thought.ProtectedData);
                break;
            case DataContent data:
                json.WriteStartObject("inlineData");
                json.WriteString("mimeType", data.MediaType);
                json.WriteBase64String("data", data.Data.Span);
                json.WriteEndObject();
                break;
            case UriContent uri:
                json.WriteStartObject("fileData");
                json.WriteString("mimeType", uri.MediaType);
                json.WriteString("fileUri", uri.Uri.AbsoluteUri);
                json.WriteEndObject();
                break;
            case FunctionResultContent result:
                WriteResult(result);
                break;
            default:
                foreach (var member in ((JsonElement)content.RawRepresentation!).EnumerateObject())
                {
                    member.WriteTo(json);
                }

                break;
        }
    }

    private void WriteCall(FunctionCallContent call, bool needsSignature)
    {
        _functionNames[call.CallId] = call.Name;
        json.WriteStartObject("functionCall");
        if (GeminiCallIds.ForWire(call.CallId) is { } id)
        {
            json.WriteString("id", id);
        }

        json.WriteString("name", call.Name);
        json.WriteStartObject("args");
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        WriteSignature(GeminiSignatures.Of(call) ?? (needsSignature ? GeminiSignatures.Unknown : null));
    }

    private void WriteResult(FunctionResultContent result)
    {
        json.WriteStartObject("functionResponse");
        if (GeminiCallIds.ForWire(result.CallId) is { } id)
        {
            json.WriteString("id", id);
        }

        json.WriteString("name", _functionNames.GetValueOrDefault(result.CallId, result.CallId));
        json.WritePropertyName("response");
        var value = ToJson(result.Result);
        if (value.ValueKind == JsonValueKind.Object && result.Exception is null)
        {
            value.WriteTo(json);
        }
        else
        {
            // Only an object may stand here; these two names are the ones that Gemini knows.
            json.WriteStartObject();
            json.WritePropertyName(result.Exception is null ? "output" : "error");
            value.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteSignature(string? signature)
    {
        if (!string.IsNullOrEmpty(signature))
        {
            json.WriteString("thoughtSignature", signature);
        }
    }

    private static string? FollowingSignature(AIContent next) =>
        GeminiSignatures.BelongsToPreviousText(next) ? ((TextReasoningContent)next).ProtectedData : null;

    /// <summary>A tool's answer is most often a string, and that string is most often JSON; an object in it is passed on as one.</summary>
    private static JsonElement ToJson(object? result)
    {
        var text = result switch
        {
            string s => s,
            JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
            IEnumerable<AIContent> contents => string.Concat(contents.OfType<TextContent>().Select(c => c.Text)),
            TextContent content => content.Text,
            _ => null,
        };
        if (text is null)
        {
            return JsonSerializer.SerializeToElement(result, AIJsonUtilities.DefaultOptions);
        }

        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            try
            {
                return JsonElement.Parse(text);
            }
            catch (JsonException)
            {
                // Text that only begins like an object.
            }
        }

        return JsonSerializer.SerializeToElement(text, AIJsonUtilities.DefaultOptions);
    }

    public static void WriteValue(Utf8JsonWriter json, object? value)
    {
        if (value is JsonElement element)
        {
            element.WriteTo(json);
        }
        else
        {
            JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions);
        }
    }
}
