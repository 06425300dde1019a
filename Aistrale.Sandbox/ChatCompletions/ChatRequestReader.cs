using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.ChatCompletions;

/// <summary>
/// Reads the parts of a request that the answer depends on. A sample:
/// <code>
/// {"model":"gpt-4o-mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi"}]}],
///  "stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":100,
///  "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto"}
/// </code>
/// </summary>
internal static class ChatRequestReader
{
    private const int MaxChoices = 8;

    public static Fault? Read(JsonElement body, Ask ask)
    {
        if (body.String("model") is not { Length: > 0 } model)
        {
            return Fault.Invalid("Name a model in 'model'.", "model", "missing_required_parameter");
        }

        ask.Model = model;
        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return Fault.Invalid("'messages' must be an array with at least one message.", "messages", "missing_required_parameter");
        }

        ask.Stream = body.Flag("stream");
        ask.IncludeUsage = body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && options.Flag("include_usage");
        ask.MaxTokens = body.Integer("max_completion_tokens") ?? body.Integer("max_tokens");
        ask.ServiceTier = body.String("service_tier");
        ask.OneToolAtMost = body.TryGetProperty("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False;
        if (body.Integer("n") is { } choices)
        {
            if (choices is < 1 or > MaxChoices)
            {
                return Fault.Invalid($"'n' must be between 1 and {MaxChoices}.", "n");
            }

            ask.Choices = choices;
        }

        if (body.TryGetProperty("stop", out var stop))
        {
            ask.Stops.AddRange(stop.Strings());
        }

        ReadTools(body, ask);
        ReadFormat(body, ask);
        return ReadMessages(messages, ask);
    }

    private static Fault? ReadMessages(JsonElement messages, Ask ask)
    {
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || message.String("role") is not { } role)
            {
                return Fault.Invalid($"'messages[{index}]' must be an object with a role.", $"messages[{index}]");
            }

            ask.Messages++;
            var hasContent = message.TryGetProperty("content", out var content);
            ask.Characters += hasContent ? content.Characters() : 0;
            if (message.TryGetProperty("tool_calls", out var calls))
            {
                ask.Characters += calls.RawLength();
            }

            if (role == "user" && hasContent && content.JoinText() is { Length: > 0 } text)
            {
                ask.UserText = text;
            }

            ask.EndsWithToolResult = role is "tool" or "function";
            index++;
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
            if (tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) && function.String("name") is { } name)
            {
                ask.Tools.Add(new ToolDeclaration(name, function.TryGetProperty("parameters", out var parameters) ? parameters : null));
            }
        }

        if (!body.TryGetProperty("tool_choice", out var choice))
        {
            return;
        }

        if (choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var named))
        {
            (ask.ForcesTool, ask.ForcedTool) = (true, named.String("name"));
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
        if (!body.TryGetProperty("response_format", out var format) || format.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        ask.WantsJson = format.String("type") is "json_object" or "json_schema";
        if (format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("schema", out var schema))
        {
            ask.JsonSchema = schema;
            ask.Characters += schema.RawLength();
        }
    }
}
