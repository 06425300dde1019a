using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Gemini <c>generateContent</c> and <c>streamGenerateContent</c>: each event is a whole response object, its usage cumulative.</summary>
/// <remarks>
/// <code>
/// data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"…"}]},"finishReason":"STOP","index":0}],
///        "usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":16,"candidatesTokenCount":5,"thoughtsTokenCount":4,"totalTokenCount":29,
///                         "promptTokensDetails":[{"modality":"AUDIO","tokenCount":7}]},"modelVersion":"m","responseId":"r1"}
/// data: {"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":20}}
/// data: {"error":{"code":503,"message":"…","status":"UNAVAILABLE"}}
/// </code>
/// The prompt count includes the cache; candidates leave thoughts out, and either may be absent; tool-use tokens add to the input.
/// </remarks>
internal sealed class GeminiReader(UpstreamObservation observation) : UpstreamReader(observation)
{
    private long? _prompt;
    private long? _cached;
    private long? _candidates;
    private long? _thoughts;
    private long? _toolUse;
    private bool _sawUsage;
    private bool _sawToolCalls;

    protected override void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> eventName)
    {
        var error = default(ErrorFields);
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("candidates"u8))
            {
                ReadCandidates(ref json);
            }
            else if (json.ValueTextEquals("usageMetadata"u8))
            {
                ReadUsage(ref json);
            }
            else if (json.ValueTextEquals("promptFeedback"u8))
            {
                ReadPromptFeedback(ref json);
            }
            else if (json.ValueTextEquals("modelVersion"u8))
            {
                Seen.ModelReported = WireJson.Text(ref json) ?? Seen.ModelReported;
            }
            else if (json.ValueTextEquals("responseId"u8))
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

        // After the whole event, since the finish reason may follow the usage or the other way round.
        Apply();
        if (error.Found)
        {
            NoteError(error);
        }
    }

    private void ReadCandidates(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterArray(ref json))
        {
            return;
        }

        while (WireJson.NextElement(ref json))
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadCandidate(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadCandidate(ref Utf8JsonReader json)
    {
        string? finish = null;
        var index = 0L;
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("content"u8))
            {
                ReadContent(ref json);
            }
            else if (json.ValueTextEquals("finishReason"u8))
            {
                finish = WireJson.Text(ref json);
            }
            else if (json.ValueTextEquals("index"u8))
            {
                index = WireJson.Count(ref json) ?? 0;
            }
            else if (json.ValueTextEquals("groundingMetadata"u8))
            {
                ReadGrounding(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        // The unspecified value is what an unset field looks like: not an end.
        if (finish is not (null or "FINISH_REASON_UNSPECIFIED") && (index == 0 || Seen.FinishReasonNative is null))
        {
            NoteFinish(finish, _sawToolCalls);
        }
    }

    private void ReadContent(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (!json.ValueTextEquals("parts"u8) || !WireJson.EnterArray(ref json))
            {
                json.Skip();
                continue;
            }

            while (WireJson.NextElement(ref json))
            {
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    ReadPart(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    private void ReadPart(ref Utf8JsonReader json)
    {
        var chars = 0L;
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("text"u8))
            {
                chars += WireJson.Length(ref json);
            }
            else if (json.ValueTextEquals("functionCall"u8))
            {
                json.Read();
                var start = json.TokenStartIndex;
                json.Skip();
                chars += json.TokenStartIndex - start;
                _sawToolCalls = true;
            }
            else if (json.ValueTextEquals("inlineData"u8))
            {
                // Content, but its base64 length says nothing about tokens.
                json.Skip();
                Seen.FirstContentSeen = true;
            }
            else
            {
                json.Skip();
            }
        }

        if (chars > 0)
        {
            Seen.AddOutput(chars);
        }
    }

    /// <summary><c>{"webSearchQueries":["a","b"],…}</c>, restated as it grows.</summary>
    private void ReadGrounding(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (!json.ValueTextEquals("webSearchQueries"u8) || !WireJson.EnterArray(ref json))
            {
                json.Skip();
                continue;
            }

            var queries = 0L;
            while (WireJson.NextElement(ref json))
            {
                queries += json.TokenType == JsonTokenType.String ? 1 : 0;
                json.Skip();
            }

            Seen.WebSearches = WireJson.Larger(Seen.WebSearches, queries);
        }
    }

    private void ReadPromptFeedback(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("blockReason"u8))
            {
                var reason = WireJson.Text(ref json);
                NoteFinish(reason is null or "BLOCK_REASON_UNSPECIFIED" ? null : $"promptFeedback:{reason}");
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        _sawUsage = true;
        var input = default(Modalities);
        var output = default(Modalities);
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("promptTokenCount"u8))
            {
                _prompt = WireJson.Larger(_prompt, WireJson.Count(ref json));
            }
            else if (json.ValueTextEquals("cachedContentTokenCount"u8))
            {
                _cached = WireJson.Larger(_cached, WireJson.Count(ref json));
            }
            else if (json.ValueTextEquals("candidatesTokenCount"u8))
            {
                _candidates = WireJson.Larger(_candidates, WireJson.Count(ref json));
            }
            else if (json.ValueTextEquals("thoughtsTokenCount"u8))
            {
                _thoughts = WireJson.Larger(_thoughts, WireJson.Count(ref json));
            }
            else if (json.ValueTextEquals("toolUsePromptTokenCount"u8))
            {
                _toolUse = WireJson.Larger(_toolUse, WireJson.Count(ref json));
            }
            else if (json.ValueTextEquals("promptTokensDetails"u8) || json.ValueTextEquals("toolUsePromptTokensDetails"u8))
            {
                ReadModalities(ref json, ref input);
            }
            else if (json.ValueTextEquals("candidatesTokensDetails"u8))
            {
                ReadModalities(ref json, ref output);
            }
            else if (json.ValueTextEquals("serviceTier"u8))
            {
                Seen.ServiceTier = WireJson.Text(ref json) ?? Seen.ServiceTier;
            }
            else
            {
                json.Skip();
            }
        }

        Seen.AudioInputTokens = WireJson.Larger(Seen.AudioInputTokens, input.Audio);
        Seen.ImageInputTokens = WireJson.Larger(Seen.ImageInputTokens, input.Image);
        Seen.AudioOutputTokens = WireJson.Larger(Seen.AudioOutputTokens, output.Audio);
        Seen.ImageOutputTokens = WireJson.Larger(Seen.ImageOutputTokens, output.Image);
    }

    /// <summary><c>[{"modality":"TEXT","tokenCount":13},{"modality":"AUDIO","tokenCount":7}]</c></summary>
    private static void ReadModalities(ref Utf8JsonReader json, ref Modalities into)
    {
        if (!WireJson.EnterArray(ref json))
        {
            return;
        }

        while (WireJson.NextElement(ref json))
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            string? modality = null;
            long? count = null;
            while (WireJson.NextProperty(ref json))
            {
                if (json.ValueTextEquals("modality"u8))
                {
                    modality = WireJson.Text(ref json);
                }
                else if (json.ValueTextEquals("tokenCount"u8))
                {
                    count = WireJson.Count(ref json);
                }
                else
                {
                    json.Skip();
                }
            }

            into.Add(modality, count ?? 0);
        }
    }

    private void Apply()
    {
        if (!_sawUsage)
        {
            return;
        }

        Seen.CachedInputTokens = _cached;
        Seen.InputTokens = _prompt is { } prompt ? Math.Max(prompt, _cached ?? 0) + (_toolUse ?? 0) : null;
        Seen.ReasoningTokens = _thoughts;
        if (_candidates is not null || _thoughts is not null)
        {
            Seen.OutputTokens = (_candidates ?? 0) + (_thoughts ?? 0);
        }
        else if (Seen.SawTerminalEvent)
        {
            // At the end, both counts absent means nothing was written (a blocked prompt); before it, they are only not stated yet.
            Seen.OutputTokens = 0;
        }
    }

    private struct Modalities
    {
        public long? Audio;
        public long? Image;

        public void Add(string? modality, long count)
        {
            switch (modality)
            {
                case "AUDIO":
                    Audio = Math.Min(WireJson.MaxCount, (Audio ?? 0) + count);
                    break;
                case "IMAGE":
                    Image = Math.Min(WireJson.MaxCount, (Image ?? 0) + count);
                    break;
            }
        }
    }
}
