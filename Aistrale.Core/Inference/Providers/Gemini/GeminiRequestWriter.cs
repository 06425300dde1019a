using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>Writes the body of a generateContent call.</summary>
/// <remarks>
/// <code>
/// {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"systemInstruction":{"parts":[{"text":"Be brief"}]},
///  "generationConfig":{"temperature":0.2,"maxOutputTokens":100,"stopSequences":["END"],"responseMimeType":"application/json","responseJsonSchema":{…}},
///  "tools":[{"functionDeclarations":[{"name":"f","description":"…","parametersJsonSchema":{…}}]}],
///  "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}}}
/// </code>
/// </remarks>
internal static class GeminiRequestWriter
{
    private const int MaxStopSequences = 5;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(IEnumerable<ChatMessage> messages, ChatOptions options, string model)
    {
        var (system, turns) = GeminiTurn.Split(messages, options.Instructions);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("contents");
        var parts = new GeminiPartWriter(json, GeminiThinking.DemandsSignatures(model));
        foreach (var turn in turns)
        {
            parts.WriteTurn(turn);
        }

        json.WriteEndArray();
        WriteSystem(json, system);
        WriteGenerationConfig(json, options, model);
        WriteTools(json, options);
        WriteOwn(json, options, "safetySettings");
        WriteOwn(json, options, "cachedContent");
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteSystem(Utf8JsonWriter json, string? system)
    {
        if (system is null)
        {
            return;
        }

        json.WriteStartObject("systemInstruction");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", system);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGenerationConfig(Utf8JsonWriter json, ChatOptions options, string model)
    {
        json.WriteStartObject("generationConfig");
        WriteNumber(json, "temperature", options.Temperature);
        WriteNumber(json, "topP", options.TopP);
        WriteNumber(json, "topK", options.TopK);
        WriteNumber(json, "maxOutputTokens", options.MaxOutputTokens);
        WriteNumber(json, "frequencyPenalty", options.FrequencyPenalty);
        WriteNumber(json, "presencePenalty", options.PresencePenalty);
        if (options.Seed is { } seed)
        {
            // Gemini's seed is 32 bits wide; the same wide seed still gives the same narrow one.
            json.WriteNumber("seed", unchecked((int)seed));
        }

        WriteStop(json, options.StopSequences);
        WriteFormat(json, options.ResponseFormat);
        GeminiThinking.Write(json, options, model);
        json.WriteEndObject();
    }

    private static void WriteStop(Utf8JsonWriter json, IList<string>? stop)
    {
        if (stop is not { Count: > 0 })
        {
            return;
        }

        if (stop.Count > MaxStopSequences)
        {
            throw new UnsupportedParameterException("stop", $"Gemini takes at most {MaxStopSequences} stop sequences; send fewer.");
        }

        json.WriteStartArray("stopSequences");
        foreach (var sequence in stop)
        {
            json.WriteStringValue(sequence);
        }

        json.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson wanted)
        {
            return;
        }

        json.WriteString("responseMimeType", "application/json");
        if (wanted.Schema is { } schema)
        {
            // Not responseSchema, which takes only a part of JSON Schema and refuses the rest.
            json.WritePropertyName("responseJsonSchema");
            schema.WriteTo(json);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        json.WriteStartArray("tools");
        var functions = tools.OfType<AIFunctionDeclaration>().ToList();
        if (functions.Count > 0)
        {
            json.WriteStartObject();
            json.WriteStartArray("functionDeclarations");
            foreach (var function in functions)
            {
                WriteFunction(json, function);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        WriteHosted(json, tools.Any(tool => tool is HostedWebSearchTool), "googleSearch");
        WriteHosted(json, tools.Any(tool => tool is HostedCodeInterpreterTool), "codeExecution");
        json.WriteEndArray();
        if (functions.Count > 0)
        {
            WriteToolMode(json, options.ToolMode);
        }
    }

    private static void WriteFunction(Utf8JsonWriter json, AIFunctionDeclaration function)
    {
        json.WriteStartObject();
        json.WriteString("name", function.Name);
        if (!string.IsNullOrEmpty(function.Description))
        {
            json.WriteString("description", function.Description);
        }

        if (function.JsonSchema.ValueKind == JsonValueKind.Object)
        {
            json.WritePropertyName("parametersJsonSchema");
            function.JsonSchema.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WriteHosted(Utf8JsonWriter json, bool isWanted, string name)
    {
        if (isWanted)
        {
            json.WriteStartObject();
            json.WriteStartObject(name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteToolMode(Utf8JsonWriter json, ChatToolMode? mode)
    {
        var word = mode switch
        {
            NoneChatToolMode => "NONE",
            AutoChatToolMode => "AUTO",
            RequiredChatToolMode => "ANY",
            _ => null,
        };
        if (word is null)
        {
            return;
        }

        json.WriteStartObject("toolConfig");
        json.WriteStartObject("functionCallingConfig");
        json.WriteString("mode", word);
        if (mode is RequiredChatToolMode { RequiredFunctionName: { } only })
        {
            json.WriteStartArray("allowedFunctionNames");
            json.WriteStringValue(only);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, ChatOptions options, string name)
    {
        if (options.AdditionalProperties?.TryGetValue(name, out var value) == true && value is not null)
        {
            json.WritePropertyName(name);
            GeminiPartWriter.WriteValue(json, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, float? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
