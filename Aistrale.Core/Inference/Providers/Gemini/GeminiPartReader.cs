using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>Turns the parts of an answer into contents.</summary>
/// <remarks>
/// <code>
/// {"text":"Let me see","thought":true}  {"text":"Hi"}  {"text":"","thoughtSignature":"…"}
/// {"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"…"}  {"inlineData":{"mimeType":"image/png","data":"…"}}
/// </code>
/// </remarks>
internal static class GeminiPartReader
{
    /// <summary>The contents of the first candidate; the others were not asked for.</summary>
    public static List<AIContent> Read(JsonElement message)
    {
        List<AIContent> contents = [];
        if (TryGet(message, "candidates", JsonValueKind.Array, out var candidates)
            && candidates.GetArrayLength() > 0
            && TryGet(candidates[0], "content", JsonValueKind.Object, out var content)
            && TryGet(content, "parts", JsonValueKind.Array, out var parts))
        {
            foreach (var part in parts.EnumerateArray())
            {
                if (part.ValueKind == JsonValueKind.Object)
                {
                    AddPart(contents, part);
                }
            }
        }

        return contents;
    }

    public static string? Text(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.String, out var value) ? value.GetString() : null;

    private static void AddPart(List<AIContent> contents, JsonElement part)
    {
        var signature = Text(part, GeminiSignatures.Property);
        if (TryGet(part, "functionCall", JsonValueKind.Object, out var call))
        {
            contents.Add(ReadCall(call, signature));
        }
        else if (TryGet(part, "inlineData", JsonValueKind.Object, out var data))
        {
            AddData(contents, data);
            AddCarrier(contents, signature, ofPreviousText: false);
        }
        else if (Text(part, "text") is { } text)
        {
            AddText(contents, part, text, signature);
        }
        else if (part.EnumerateObject().Any(member => member.Name != GeminiSignatures.Property))
        {
            // Code execution and whatever comes next: nothing here to show, but the model wants it back.
            contents.Add(new AIContent { RawRepresentation = part.Clone() });
        }
        else
        {
            AddCarrier(contents, signature, ofPreviousText: false);
        }
    }

    private static void AddText(List<AIContent> contents, JsonElement part, string text, string? signature)
    {
        if (part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True)
        {
            if (text.Length > 0 || signature is not null)
            {
                contents.Add(new TextReasoningContent(text) { ProtectedData = signature });
            }

            return;
        }

        if (text.Length > 0)
        {
            contents.Add(new TextContent(text));
        }

        AddCarrier(contents, signature, ofPreviousText: text.Length > 0);
    }

    private static void AddCarrier(List<AIContent> contents, string? signature, bool ofPreviousText)
    {
        if (signature is not null)
        {
            contents.Add(GeminiSignatures.Carrier(signature, ofPreviousText));
        }
    }

    private static FunctionCallContent ReadCall(JsonElement call, string? signature)
    {
        Dictionary<string, object?> arguments = [];
        if (TryGet(call, "args", JsonValueKind.Object, out var args))
        {
            foreach (var argument in args.EnumerateObject())
            {
                arguments[argument.Name] = argument.Value.Clone();
            }
        }

        var id = Text(call, "id") is { Length: > 0 } own ? own : GeminiCallIds.Create();
        var content = new FunctionCallContent(id, Text(call, "name") ?? string.Empty, arguments);
        GeminiSignatures.Attach(content, signature);
        return content;
    }

    private static void AddData(List<AIContent> contents, JsonElement data)
    {
        if (data.TryGetProperty("data", out var base64) && base64.ValueKind == JsonValueKind.String && base64.TryGetBytesFromBase64(out var bytes))
        {
            contents.Add(new DataContent(bytes, Text(data, "mimeType") is { Length: > 0 } type ? type : "application/octet-stream"));
        }
    }

    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }
}
