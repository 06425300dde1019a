using System.Text.Json;
using Aistrale.Core.Inference.Sse;

namespace Aistrale.Core.Inference.Usage;

/// <summary>What all dialects share: finding the JSON, surviving a broken one, and errors inside a 200.</summary>
internal abstract class UpstreamReader(UpstreamObservation observation) : IUpstreamReader
{
    protected UpstreamObservation Seen { get; } = observation;

    public void OnEvent(in SseEvent e)
    {
        var data = e.Data.Trim(" \t"u8);
        if (data.IsEmpty)
        {
            return;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            Seen.SawTerminalEvent = true;
            return;
        }

        try
        {
            if (!TryReadQuickly(data, e.Name))
            {
                Read(data, e.Name);
            }
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            Seen.MalformedEvents++;
        }
    }

    public void OnBody(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            Read(utf8Json, default);
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            Seen.MalformedEvents++;
        }
    }

    /// <summary>A cheap way through for the many events that only add text; false = read the whole event.</summary>
    protected virtual bool TryReadQuickly(ReadOnlySpan<byte> data, ReadOnlySpan<byte> eventName) => false;

    /// <summary>Reads the members of one message; the reader stands on its opening brace.</summary>
    protected abstract void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> eventName);

    /// <summary>The first error is the cause; what follows it is noise.</summary>
    protected void NoteError(in ErrorFields error) => Seen.InBandError ??= error.ToUpstreamError(InBandStatus.Of(error));

    protected void NoteFinish(string? native, bool sawToolCalls = false)
    {
        if (native is null)
        {
            return;
        }

        Seen.SawTerminalEvent = true;
        Seen.FinishReasonNative = native;
        Seen.FinishReason = StopMap.ToCanonical(native, sawToolCalls);
    }

    private void Read(ReadOnlySpan<byte> data, ReadOnlySpan<byte> eventName)
    {
        var json = WireJson.Open(data);
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject)
        {
            ReadMessage(ref json, eventName);
        }
        else if (json.TokenType == JsonTokenType.StartArray)
        {
            // Gemini without alt=sse, and its errors in OpenAI mode, come as an array of messages.
            while (WireJson.NextElement(ref json))
            {
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    ReadMessage(ref json, eventName);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    // Utf8JsonReader answers broken JSON with the first, and broken text inside sound JSON with the second.
    private static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;
}
