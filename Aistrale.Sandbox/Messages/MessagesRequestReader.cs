using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Messages;

/// <summary>
/// Reads a Messages request. A sample:
/// <code>
/// {"model":"claude-haiku-4-5","max_tokens":100,"system":[{"type":"text","text":"Be brief."}],"stream":true,
///  "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"…","signature":"…"},{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]},
///              {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"4"}]}],
///  "tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}}
/// </code>
/// </summary>
internal static class MessagesRequestReader
{
    public static Fault? Read(JsonElement body, Ask ask, bool generates)
    {
        if (body.String("model") is not { Length: > 0 } model)
        {
            return Fault.Invalid("model: Field required");
        }

        ask.Model = model;
        if (generates)
        {
            if (body.Integer("max_tokens") is not { } max)
            {
                return Fault.Invalid("max_tokens: Field required");
            }

            if (max < 1)
            {
                return Fault.Invalid("max_tokens: must be at least 1");
            }

            ask.MaxTokens = max;
        }

        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            return Fault.Invalid("messages: Field required");
        }

        if (messages.GetArrayLength() == 0)
        {
            return Fault.Invalid("messages: at least one message is required");
        }

        ask.Stream = body.Flag("stream");
        ask.ServiceTier = body.String("service_tier");
        if (body.TryGetProperty("system", out var system))
        {
            ask.Characters += system.Characters();
        }

        if (body.TryGetProperty("stop_sequences", out var stops))
        {
            ask.Stops.AddRange(stops.Strings());
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
            var role = message.String("role");
            if (role is not ("user" or "assistant"))
            {
                return Fault.Invalid($"messages.{index}.role: Input should be 'user' or 'assistant'");
            }

            if (!message.TryGetProperty("content", out var content) || content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
            {
                return Fault.Invalid($"messages.{index}.content: Field required");
            }

            ask.Messages++;
            ask.Characters += content.Characters();
            ask.EndsWithToolResult = false;
            if (content.ValueKind == JsonValueKind.Array && ReadBlocks(content, index, ask) is { } fault)
            {
                return fault;
            }

            if (role == "user" && content.JoinText() is { Length: > 0 } text)
            {
                ask.UserText = text;
            }

            index++;
        }

        return null;
    }

    private static Fault? ReadBlocks(JsonElement content, int message, Ask ask)
    {
        var index = 0;
        foreach (var block in content.EnumerateArray())
        {
            var type = block.String("type");
            if (type is null)
            {
                return Fault.Invalid($"messages.{message}.content.{index}.type: Field required");
            }

            if (type == "text" && block.String("text") is null or "")
            {
                return Fault.Invalid($"messages.{message}.content.{index}: text content blocks must be non-empty");
            }

            if (type == "thinking" && block.String("signature") != Signature.Of(block.String("thinking") ?? ""))
            {
                return Fault.Invalid($"messages.{message}.content.{index}: Invalid `signature` in `thinking` block");
            }

            ask.EndsWithToolResult |= type == "tool_result";
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
            // Server tools (web search and the like) have a type and no schema: they are never called here.
            if (tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("input_schema", out var schema) && tool.String("name") is { } name)
            {
                ask.Tools.Add(new ToolDeclaration(name, schema));
            }
        }

        if (!body.TryGetProperty("tool_choice", out var choice) || choice.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        ask.OneToolAtMost = choice.Flag("disable_parallel_tool_use");
        switch (choice.String("type"))
        {
            case "any":
                ask.ForcesTool = true;
                break;
            case "tool":
                (ask.ForcesTool, ask.ForcedTool) = (true, choice.String("name"));
                break;
            case "none":
                ask.Tools.Clear();
                break;
        }
    }

    private static void ReadFormat(JsonElement body, Ask ask)
    {
        if (!body.TryGetProperty("output_config", out var config) || config.ValueKind != JsonValueKind.Object
            || !config.TryGetProperty("format", out var format) || format.String("type") != "json_schema")
        {
            return;
        }

        ask.WantsJson = true;
        if (format.TryGetProperty("schema", out var schema))
        {
            ask.JsonSchema = schema;
            ask.Characters += schema.RawLength();
        }
    }
}
