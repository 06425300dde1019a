using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>
/// Translates reasoning options into <c>thinkingConfig</c>. Gemini 2.5 takes a budget in tokens, later models take a level, earlier ones refuse both;
/// the effort words follow the table of Google's own OpenAI compatibility.
/// </summary>
internal static class GeminiThinking
{
    private const string Property = "thinkingConfig";

    /// <summary>Gemini 3 and later check the signatures of earlier calls.</summary>
    public static bool DemandsSignatures(string model) => !IsWithoutThinking(model) && !IsBudgetModel(model);

    /// <summary>Writes the property, or nothing when nothing was asked for. A <c>thinkingConfig</c> in the additional properties wins.</summary>
    public static void Write(Utf8JsonWriter json, ChatOptions options, string model)
    {
        if (options.AdditionalProperties?.TryGetValue(Property, out var own) == true && own is not null)
        {
            json.WritePropertyName(Property);
            GeminiPartWriter.WriteValue(json, own);
            return;
        }

        if (options.Reasoning is not { } reasoning || IsWithoutThinking(model) || reasoning is { Effort: null, Output: null })
        {
            return;
        }

        json.WriteStartObject(Property);
        if (reasoning.Effort is { } effort)
        {
            if (IsBudgetModel(model))
            {
                json.WriteNumber("thinkingBudget", BudgetTokens(effort, model));
            }
            else
            {
                json.WriteString("thinkingLevel", Level(effort, model));
            }
        }

        if (reasoning.Output is { } output)
        {
            json.WriteBoolean("includeThoughts", output != ReasoningOutput.None);
        }

        json.WriteEndObject();
    }

    private static int BudgetTokens(ReasoningEffort effort, string model) => effort switch
    {
        // Thinking cannot be switched off on Pro; this is its smallest budget.
        ReasoningEffort.None => IsPro(model) ? 128 : 0,
        ReasoningEffort.Low => 1024,
        ReasoningEffort.Medium => 8192,
        ReasoningEffort.ExtraHigh when IsPro(model) => 32768,
        _ => 24576,
    };

    private static string Level(ReasoningEffort effort, string model) => effort switch
    {
        ReasoningEffort.None => IsPro(model) ? "low" : "minimal",
        ReasoningEffort.Low => "low",
        // The first Gemini 3 Pro has no middle level.
        ReasoningEffort.Medium => model.StartsWith("gemini-3-pro", StringComparison.Ordinal) ? "high" : "medium",
        _ => "high",
    };

    private static bool IsPro(string model) => model.Contains("-pro", StringComparison.Ordinal);

    private static bool IsBudgetModel(string model) => model.Contains("2.5", StringComparison.Ordinal);

    private static bool IsWithoutThinking(string model) =>
        !model.StartsWith("gemini-", StringComparison.Ordinal)
        || model.StartsWith("gemini-1", StringComparison.Ordinal)
        || model.StartsWith("gemini-2.0", StringComparison.Ordinal)
        || model.StartsWith("gemini-embedding", StringComparison.Ordinal);
}
