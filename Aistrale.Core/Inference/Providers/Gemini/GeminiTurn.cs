using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>One entry of Gemini's <c>contents</c>: what one side said until the other side spoke.</summary>
internal sealed record GeminiTurn(string Role, List<AIContent> Contents)
{
    public const string User = "user";
    public const string Model = "model";

    /// <summary>
    /// Splits a conversation into the system text and turns of alternating roles. Consecutive messages of one side become one turn, so that the
    /// results of parallel calls stand together, as Gemini demands; contents that would make an empty part are left out.
    /// </summary>
    public static (string? System, List<GeminiTurn> Turns) Split(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<string> system = string.IsNullOrEmpty(instructions) ? [] : [instructions];
        List<GeminiTurn> turns = [];
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System || message.Role.Value == "developer")
            {
                if (message.Text is { Length: > 0 } text)
                {
                    system.Add(text);
                }

                continue;
            }

            var contents = message.Contents.Where(GeminiPartWriter.CanWrite);
            var role = message.Role == ChatRole.Assistant ? Model : User;
            if (turns.Count > 0 && turns[^1].Role == role)
            {
                turns[^1].Contents.AddRange(contents);
            }
            else if (contents.ToList() is { Count: > 0 } own)
            {
                turns.Add(new GeminiTurn(role, own));
            }
        }

        return (system.Count > 0 ? string.Join("\n\n", system) : null, turns);
    }
}
