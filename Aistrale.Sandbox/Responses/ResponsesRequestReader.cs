using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Responses;

/// <summary>
/// Reads a Responses request. Samples:
/// <code>
/// {"model":"gpt-5","input":"Hi","instructions":"Be brief.","stream":true}
/// {"model":"gpt-5","input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]},{"type":"function_call_output","call_id":"call_1","output":"4"}],
///  "tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"text":{"format":{"type":"json_schema","name":"n","schema":{}}}}
/// </code>
/// </summary>
internal static class ResponsesRequestReader
{
    public static Fault? Read(JsonElement body, Ask ask)
    {
        if (body.String("model") is not { Length: > 0 } model)
        {
            return Fault.Invalid("Name a model in 'model'.", "model", "missing_required_parameter");
        }

        ask.Model = model;
        ask.Stream = body.Flag("stream");
        ask.MaxTokens = body.Integer("max_output_tokens");
        ask.ServiceTier = body.String("service_tier");
        ask.OneToolAtMost = body.TryGetProperty("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False;
        if (body.TryGetProperty("instructions", out var instructions))
        {
            ask.Characters += instructions.Characters();
        }

        ReadTools(body, ask);
        ReadFormat(body, ask);
        if (!body.TryGetProperty("input", out var input))
        {
            return body.TryGetProperty("previous_response_id", out _) || body.TryGetProperty("prompt", out _)
                ? null
                : Fault.Invalid("'input' must be a text or an array of items.", "input", "missing_required_parameter");
        }

        return ReadInput(input, ask);
    }

    private static Fault? ReadInput(JsonElement input, Ask ask)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            ask.Messages = 1;
            ask.Characters += input.Characters();
            ask.UserText = input.GetString()!;
            return null;
        }

        if (input.ValueKind != JsonValueKind.Array)
        {
            return Fault.Invalid("'input' must be a text or an array of items.", "input", "invalid_type");
        }

        foreach (var item in input.EnumerateArray())
        {
            ask.Messages++;
            var type = item.String("type") ?? "message";
            if (type == "message" && item.ValueKind == JsonValueKind.Object && item.TryGetProperty("content", out var content))
            {
                ask.Characters += content.Characters();
                if (item.String("role") == "user" && content.JoinText() is { Length: > 0 } text)
                {
                    ask.UserText = text;
                }
            }
            else
            {
                ask.Characters += item.RawLength();
            }

            ask.EndsWithToolResult = type.EndsWith("_output", StringComparison.Ordinal);
        }

        return null;
    }

    private static void ReadTools(JsonElement body, Ask ask)
    {
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        ask.Characters += tools.RawLength();
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.String("type") == "function" && tool.String("name") is { } name)
            {
                ask.Tools.Add(new ToolDeclaration(name, tool.TryGetProperty("parameters", out var parameters) ? parameters : null));
            }
        }

        if (!body.TryGetProperty("tool_choice", out var choice))
        {
            return;
        }

        if (choice.String("type") == "function")
        {
            (ask.ForcesTool, ask.ForcedTool) = (true, choice.String("name"));
        }
        else if (choice.ValueKind == JsonValueKind.String)
        {
            ask.ForcesTool = choice.ValueEquals("required");
            if (choice.ValueEquals("none"))
            {
                ask.Tools.Clear();
            }
        }
    }

    private static void ReadFormat(JsonElement body, Ask ask)
    {
        if (!body.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.Object || !text.TryGetProperty("format", out var format))
        {
            return;
        }

        ask.WantsJson = format.String("type") is "json_object" or "json_schema";
        if (format.ValueKind == JsonValueKind.Object && format.TryGetProperty("schema", out var schema))
        {
            ask.JsonSchema = schema;
            ask.Characters += schema.RawLength();
        }
    }
}
