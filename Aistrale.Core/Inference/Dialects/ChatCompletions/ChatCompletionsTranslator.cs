using System.Text.Json;
using Aistrale.Contracts;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects.ChatCompletions;

/// <summary>Chat Completions into Microsoft.Extensions.AI: text conversations and sampling. What has no equivalent yet is refused by name, never lost silently.</summary>
internal static class ChatCompletionsTranslator
{
    /// <summary>Fields that say nothing about the answer; they are left out and reported.</summary>
    private static readonly string[] Droppable = ["user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "verbosity", "parallel_tool_calls"];

    private static readonly string[] Read = ["model", "messages", "stream", "stream_options", "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "frequency_penalty", "presence_penalty", "reasoning_effort"];

    public static Outcome<CanonicalRequest> Translate(ChatCompletionsRequest request)
    {
        using var document = JsonDocument.Parse(request.Body, new JsonDocumentOptions { MaxDepth = ChatCompletionsRequest.MaxDepth });
        try
        {
            return Translate(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json's word for text that is not valid UTF-8 or an escape that is half a character.
            return new Failure(ErrorCodes.InvalidRequest, "The body holds text that is not valid Unicode.");
        }
    }

    private static Outcome<CanonicalRequest> Translate(JsonElement root)
    {
        List<string> dropped = [];
        foreach (var property in root.EnumerateObject())
        {
            if (Array.IndexOf(Droppable, property.Name) >= 0)
            {
                dropped.Add(property.Name);
            }
            else if (Array.IndexOf(Read, property.Name) < 0 && !IsNeutral(property))
            {
                return Unsupported(property.Name);
            }
        }

        if (!root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return new Failure(ErrorCodes.InvalidRequest, "messages must be an array of at least one message.", "messages");
        }

        List<ChatMessage> canonical = [];
        foreach (var message in messages.EnumerateArray())
        {
            var translated = Message(message, canonical.Count);
            if (translated.Failure is { } failure)
            {
                return failure;
            }

            canonical.Add(translated.Value);
        }

        var options = Options(root);
        return options.Failure is { } invalid ? invalid : new CanonicalRequest(canonical, options.Value, dropped);
    }

    // Values that ask for nothing: null, n = 1, plain text, no tools.
    private static bool IsNeutral(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => property.Name == "n" && property.Value.TryGetInt32(out var n) && n == 1,
        JsonValueKind.Array => property.Value.GetArrayLength() == 0 || (property.Name == "modalities" && property.Value.GetArrayLength() == 1 && Is(property.Value[0], "text")),
        JsonValueKind.Object => property.Name == "response_format" && property.Value.TryGetProperty("type", out var type) && Is(type, "text"),
        JsonValueKind.String => property.Name == "tool_choice" && Is(property.Value, "none"),
        _ => false,
    };

    private static bool Is(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static Outcome<ChatMessage> Message(JsonElement message, int index)
    {
        var where = $"messages[{index}]";
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out var roleElement) || roleElement.ValueKind != JsonValueKind.String)
        {
            return new Failure(ErrorCodes.InvalidRequest, $"{where} must be an object with a role.", where);
        }

        ChatRole? role = roleElement.GetString() switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            _ => null,
        };
        if (role is null)
        {
            return Unsupported($"{where}.role");
        }

        var unread = message.EnumerateObject().Where(property => property.Name is not ("role" or "content" or "name" or "refusal") && !IsNeutral(property));
        if (unread.Select(property => property.Name).FirstOrDefault() is { } extra)
        {
            return Unsupported($"{where}.{extra}");
        }

        var content = message.TryGetProperty("content", out var given) ? given : default;
        return content.ValueKind switch
        {
            JsonValueKind.String => new ChatMessage(role.Value, content.GetString()),
            JsonValueKind.Array => Parts(role.Value, content, where),
            _ => new Failure(ErrorCodes.InvalidRequest, $"{where}.content must be a string or an array of parts.", $"{where}.content"),
        };
    }

    private static Outcome<ChatMessage> Parts(ChatRole role, JsonElement parts, string where)
    {
        List<AIContent> contents = [];
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object
                && part.TryGetProperty("type", out var type) && Is(type, "text")
                && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            {
                contents.Add(new TextContent(text.GetString()));
            }
            else
            {
                return Unsupported($"{where}.content[{contents.Count}]");
            }
        }

        return new ChatMessage(role, contents);
    }

    private static Outcome<ChatOptions> Options(JsonElement root)
    {
        var options = new ChatOptions();
        foreach (var property in root.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var understood = property.Name switch
            {
                "temperature" => Number(value, number => options.Temperature = number),
                "top_p" => Number(value, number => options.TopP = number),
                "frequency_penalty" => Number(value, number => options.FrequencyPenalty = number),
                "presence_penalty" => Number(value, number => options.PresencePenalty = number),
                "max_tokens" or "max_completion_tokens" => Integer(value, 1, int.MaxValue, number => options.MaxOutputTokens = (int)number),
                "seed" => Integer(value, long.MinValue, long.MaxValue, number => options.Seed = number),
                "stop" => Stop(value, options),
                "reasoning_effort" => Effort(value, options),
                _ => true,
            };
            if (!understood)
            {
                return new Failure(ErrorCodes.InvalidRequest, $"The value of {property.Name} is not valid.", property.Name);
            }
        }

        return options;
    }

    private static bool Number(JsonElement value, Action<float> set)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetSingle(out var number) || !float.IsFinite(number))
        {
            return false;
        }

        set(number);
        return true;
    }

    private static bool Integer(JsonElement value, long least, long most, Action<long> set)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < least || number > most)
        {
            return false;
        }

        set(number);
        return true;
    }

    private static bool Stop(JsonElement value, ChatOptions options)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            options.StopSequences = [value.GetString()!];
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(element => element.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        options.StopSequences = [.. value.EnumerateArray().Select(element => element.GetString()!)];
        return true;
    }

    private static bool Effort(JsonElement value, ChatOptions options)
    {
        if (value.ValueKind != JsonValueKind.String || ReasoningEfforts.Parse(value.GetString()!) is not { } effort)
        {
            return false;
        }

        options.Reasoning = new ReasoningOptions { Effort = effort };
        return true;
    }

    private static Failure Unsupported(string name) =>
        new(ErrorCodes.UnsupportedParameter, $"{name} cannot be translated for this model's provider yet. Leave it out, or choose a model whose provider speaks Chat Completions.", name);
}
