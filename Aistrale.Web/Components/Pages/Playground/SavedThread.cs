using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Web.Clients;

namespace Aistrale.Web.Components.Pages.Playground;

/// <summary>The conversation as the tab's storage keeps it over a reload; sign-out clears it.</summary>
internal sealed record SavedThread(IReadOnlyList<SavedThread.Turn> Turns)
{
    // The browser gives a tab about five million characters in all.
    private const int MaxLength = 1_000_000;

    internal sealed record Turn(string Role, string Text, string? Reasoning, InferenceRunResponse? Run, InferenceFailed? Failure, bool Stopped);

    /// <summary>Null when it is too long to keep.</summary>
    public static string? Write(IEnumerable<ChatTurn> turns)
    {
        var saved = new SavedThread([.. turns.Where(turn => !turn.IsRunning).Select(turn => new Turn(
            turn.Role,
            turn.Text,
            turn.Reasoning.Length == 0 ? null : turn.Reasoning,
            turn.Run,
            turn.Failure is { } failure ? new InferenceFailed(failure.Code, failure.Message) : null,
            turn.WasStopped))]);
        var json = JsonSerializer.Serialize(saved, JsonSerializerOptions.Web);
        return json.Length <= MaxLength ? json : null;
    }

    public static IReadOnlyList<ChatTurn> Read(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return [];
        }

        try
        {
            // Sample: {"turns":[{"role":"user","text":"Hello","reasoning":null,"run":null,"failure":null,"stopped":false}]}
            return JsonSerializer.Deserialize<SavedThread>(json, JsonSerializerOptions.Web) is { Turns: { } turns } ? [.. turns.Select(Restore)] : [];
        }
        catch (JsonException)
        {
            // Written by another version of the console.
            return [];
        }
    }

    private static ChatTurn Restore(Turn saved)
    {
        var turn = new ChatTurn(saved.Role, saved.Text);
        if (saved.Reasoning is { } reasoning)
        {
            turn.Accept(new InferenceEvent.Reasoning(reasoning));
        }

        if (saved.Run is { } run)
        {
            turn.Accept(new InferenceEvent.Completed(run));
        }

        if (saved.Failure is { } failure)
        {
            turn.Accept(new InferenceEvent.Failed(failure.Code, failure.Message, saved.Run?.TraceId));
        }

        turn.End(saved.Stopped);
        return turn;
    }
}
