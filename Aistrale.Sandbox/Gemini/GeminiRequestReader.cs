using System.Text.Json;
using Aistrale.Sandbox.Messages;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Gemini;

/// <summary>
/// Reads a generateContent request; members may be spelled in camel or in snake case. A sample:
/// <code>
/// {"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]},
///   {"role":"model","parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"…"}]},
///   {"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}],
///  "generationConfig":{"maxOutputTokens":100,"stopSequences":["END"],"responseMimeType":"application/json","responseJsonSchema":{}},
///  "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}
/// </code>
/// </summary>
internal static class GeminiRequestReader
{
    public static Fault? Read(JsonElement body, Ask ask)
    {
        if (Member(body, "contents", "contents") is not { ValueKind: JsonValueKind.Array } contents || contents.GetArrayLength() == 0)
        {
            return Fault.Invalid("* GenerateContentRequest.contents: contents is not specified");
        }

        if (Member(body, "systemInstruction", "system_instruction") is { } system && Member(system, "parts", "parts") is { } systemParts)
        {
            ask.Characters += systemParts.Characters();
        }

        ReadTools(body, ask);
        ReadConfig(body, ask);
        return ReadContents(contents, ask);
    }

    public static JsonElement? Member(JsonElement element, string camel, string snake) =>
        element.ValueKind == JsonValueKind.Object && (element.TryGetProperty(camel, out var value) || element.TryGetProperty(snake, out value)) ? value : null;

    private static Fault? ReadContents(JsonElement contents, Ask ask)
    {
        foreach (var content in contents.EnumerateArray())
        {
            ask.Messages++;
            ask.EndsWithToolResult = false;
            if (Member(content, "parts", "parts") is not { ValueKind: JsonValueKind.Array } parts || parts.GetArrayLength() == 0)
            {
                return Fault.Invalid($"* GenerateContentRequest.contents[{ask.Messages - 1}].parts: contents.parts must not be empty.");
            }

            ask.Characters += parts.Characters();
            if (CheckSignatures(parts, ask) is { } fault)
            {
                return fault;
            }

            foreach (var part in parts.EnumerateArray())
            {
                ask.EndsWithToolResult |= Member(part, "functionResponse", "function_response") is not null;
            }

            if (content.String("role") is null or "user" && parts.JoinText() is { Length: > 0 } text)
            {
                ask.UserText = text;
            }
        }

        return null;
    }

    // Gemini 3 wants the signature of the first of parallel calls back, unchanged.
    private static Fault? CheckSignatures(JsonElement parts, Ask ask)
    {
        foreach (var part in parts.EnumerateArray())
        {
            if (Member(part, "functionCall", "function_call") is not { } call)
            {
                continue;
            }

            var signature = Member(part, "thoughtSignature", "thought_signature") is { ValueKind: JsonValueKind.String } given ? given.GetString() : null;
            if (signature is null)
            {
                return ask.Model.Contains("gemini-3", StringComparison.Ordinal)
                    ? Fault.Invalid($"Function call {call.String("name")} is missing a thought_signature: send it back as it came.")
                    : null;
            }

            return signature == Signature.Of(call.String("name") ?? "") ? null : Fault.Invalid("Thought signature is not valid.");
        }

        return null;
    }

    private static void ReadTools(JsonElement body, Ask ask)
    {
        if (Member(body, "tools", "tools") is not { ValueKind: JsonValueKind.Array } tools)
        {
            return;
        }

        ask.Characters += tools.RawLength();
        foreach (var tool in tools.EnumerateArray())
        {
            if (Member(tool, "functionDeclarations", "function_declarations") is not { ValueKind: JsonValueKind.Array } declarations)
            {
                continue;
            }

            foreach (var declaration in declarations.EnumerateArray())
            {
                if (declaration.String("name") is { } name)
                {
                    ask.Tools.Add(new ToolDeclaration(name, Member(declaration, "parametersJsonSchema", "parameters_json_schema") ?? Member(declaration, "parameters", "parameters")));
                }
            }
        }

        if (Member(body, "toolConfig", "tool_config") is not { } config || Member(config, "functionCallingConfig", "function_calling_config") is not { } calling)
        {
            return;
        }

        var mode = calling.String("mode");
        ask.ForcesTool = mode == "ANY";
        if (mode == "NONE")
        {
            ask.Tools.Clear();
        }

        if (Member(calling, "allowedFunctionNames", "allowed_function_names") is { } allowed)
        {
            ask.ForcedTool = allowed.Strings().FirstOrDefault();
        }
    }

    private static void ReadConfig(JsonElement body, Ask ask)
    {
        if (Member(body, "generationConfig", "generation_config") is not { ValueKind: JsonValueKind.Object } config)
        {
            return;
        }

        ask.MaxTokens = config.Integer("maxOutputTokens") ?? config.Integer("max_output_tokens");
        if (Member(config, "stopSequences", "stop_sequences") is { } stops)
        {
            ask.Stops.AddRange(stops.Strings());
        }

        ask.WantsJson = (config.String("responseMimeType") ?? config.String("response_mime_type")) == "application/json";
        ask.JsonSchema = Member(config, "responseJsonSchema", "response_json_schema") ?? Member(config, "responseSchema", "response_schema");
        if (ask.JsonSchema is { } schema)
        {
            ask.Characters += schema.RawLength();
        }
    }
}
