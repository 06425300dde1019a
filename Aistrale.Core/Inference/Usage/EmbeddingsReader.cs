using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Embeddings in OpenAI's shape, and Gemini's.</summary>
/// <remarks>
/// <code>
/// {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,…]}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}
/// {"embeddings":[{"values":[0.1,…]}],"usageMetadata":{"promptTokenCount":8}}
/// </code>
/// </remarks>
internal sealed class EmbeddingsReader(UpstreamObservation observation) : UpstreamReader(observation)
{
    private OpenAIUsage _usage;

    protected override void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> eventName)
    {
        var error = default(ErrorFields);
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("data"u8) || json.ValueTextEquals("embeddings"u8) || json.ValueTextEquals("embedding"u8))
            {
                json.Skip();
                Seen.SawTerminalEvent = true;
                Seen.FirstContentSeen = true;
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                _usage.Read(ref json, Seen);
            }
            else if (json.ValueTextEquals("usageMetadata"u8))
            {
                ReadGeminiUsage(ref json);
            }
            else if (json.ValueTextEquals("model"u8))
            {
                Seen.ModelReported = WireJson.Text(ref json) ?? Seen.ModelReported;
            }
            else if (json.ValueTextEquals("id"u8))
            {
                Seen.UpstreamResponseId = WireJson.Text(ref json) ?? Seen.UpstreamResponseId;
            }
            else if (json.ValueTextEquals("error"u8))
            {
                error.ReadError(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        if (Seen.InputTokens is not null)
        {
            // An embedding writes no tokens; that is known, whatever a backend states or leaves out.
            Seen.OutputTokens = 0;
            Seen.ReasoningTokens = null;
        }

        if (error.Found)
        {
            NoteError(error);
        }
    }

    private void ReadGeminiUsage(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("promptTokenCount"u8))
            {
                Seen.InputTokens = WireJson.Count(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }
}
