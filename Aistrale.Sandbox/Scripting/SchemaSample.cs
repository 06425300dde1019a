using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aistrale.Sandbox.Scripting;

/// <summary>
/// The smallest value that satisfies a JSON schema, for JSON answers and for tool arguments. Input, for example:
/// <code>{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1}},"required":["city","days"]}</code>
/// Required properties are filled; where nothing is required, all of them are, since an empty object would show nothing.
/// </summary>
internal static class SchemaSample
{
    private const int MaxDepth = 24;

    public static JsonNode? Create(JsonElement schema, string text) => Value(schema, schema, text, 0);

    private static JsonNode? Value(JsonElement schema, JsonElement root, string text, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return null;
        }

        if (Resolve(schema, root) is { } target)
        {
            return Value(target, root, text, depth + 1);
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return Copy(constant);
        }

        if (schema.TryGetProperty("enum", out var options) && options.ValueKind == JsonValueKind.Array && options.GetArrayLength() > 0)
        {
            return Copy(options[0]);
        }

        foreach (var choice in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(choice, out var branches) && branches.ValueKind == JsonValueKind.Array && branches.GetArrayLength() > 0)
            {
                return Value(branches[0], root, text, depth + 1);
            }
        }

        if (schema.TryGetProperty("allOf", out var all) && all.ValueKind == JsonValueKind.Array)
        {
            return Merge(schema, all, root, text, depth);
        }

        return TypeOf(schema) switch
        {
            "object" => Object(schema, root, text, depth),
            "array" => Array(schema, root, text, depth),
            "string" => Text(schema, text),
            "integer" => (long)Math.Ceiling(Number(schema, 1)),
            "number" => Number(schema, 0.5),
            "boolean" => true,
            _ => null,
        };
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
            {
                type = type[0];
            }

            // Gemini's schemas write STRING, OBJECT and so on.
            return type.ValueKind == JsonValueKind.String ? type.GetString()!.ToLowerInvariant() : null;
        }

        return schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : null;
    }

    private static JsonElement? Resolve(JsonElement schema, JsonElement root)
    {
        if (!schema.TryGetProperty("$ref", out var reference) || reference.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var found = root;
        foreach (var step in reference.GetString()!.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out found))
            {
                return null;
            }
        }

        return found;
    }

    private static JsonObject Merge(JsonElement schema, JsonElement all, JsonElement root, string text, int depth)
    {
        var merged = Object(schema, root, text, depth);
        foreach (var part in all.EnumerateArray())
        {
            if (Value(part, root, text, depth + 1) is JsonObject more)
            {
                foreach (var (name, value) in more.ToList())
                {
                    more.Remove(name);
                    merged[name] = value;
                }
            }
        }

        return merged;
    }

    private static JsonObject Object(JsonElement schema, JsonElement root, string text, int depth)
    {
        var result = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return result;
        }

        HashSet<string>? required = null;
        if (schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array)
        {
            required = [.. names.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!)];
        }

        foreach (var property in properties.EnumerateObject())
        {
            // Optional properties end a recursive schema.
            if (required?.Contains(property.Name) ?? depth < 4)
            {
                result[property.Name] = Value(property.Value, root, text, depth + 1);
            }
        }

        return result;
    }

    private static JsonArray Array(JsonElement schema, JsonElement root, string text, int depth)
    {
        var result = new JsonArray();
        if (schema.TryGetProperty("prefixItems", out var prefix) && prefix.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in prefix.EnumerateArray())
            {
                result.Add(Value(item, root, text, depth + 1));
            }
        }

        var count = Math.Clamp(Integer(schema, "minItems") ?? (depth < 4 ? 1 : 0), 0, 100);
        if (Integer(schema, "maxItems") is { } max)
        {
            count = Math.Min(count, max);
        }

        if (schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object)
        {
            while (result.Count < count)
            {
                // Numbered texts keep uniqueItems true.
                result.Add(Value(items, root, result.Count == 0 ? text : $"{text} {result.Count + 1}", depth + 1));
            }
        }

        return result;
    }

    private static string Text(JsonElement schema, string text)
    {
        var value = schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String
            ? format.GetString() switch
            {
                "date-time" => "2026-01-02T03:04:05Z",
                "date" => "2026-01-02",
                "time" => "03:04:05Z",
                "duration" => "PT1M",
                "email" => "sandbox@example.com",
                "uuid" => "01890000-0000-7000-8000-000000000001",
                "uri" or "url" => "https://example.com/",
                "hostname" => "example.com",
                "ipv4" => "192.0.2.1",
                "ipv6" => "2001:db8::1",
                _ => text,
            }
            : text;
        if (Integer(schema, "minLength") is { } min && value.Length < min)
        {
            value = value.PadRight(Math.Min(min, 100_000), 'x');
        }

        return Integer(schema, "maxLength") is { } max && value.Length > max ? value[..Math.Max(max, 0)] : value;
    }

    private static double Number(JsonElement schema, double usual)
    {
        var low = Decimal(schema, "minimum") ?? Decimal(schema, "exclusiveMinimum") + 1;
        var high = Decimal(schema, "maximum") ?? Decimal(schema, "exclusiveMaximum") - 1;
        var value = usual;
        if (low > value)
        {
            value = low.Value;
        }

        if (high < value)
        {
            value = high.Value;
        }

        return Decimal(schema, "multipleOf") is { } step and > 0 ? Math.Ceiling(value / step) * step : value;
    }

    private static int? Integer(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static double? Decimal(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static JsonNode? Copy(JsonElement element) => JsonNode.Parse(element.GetRawText());
}
