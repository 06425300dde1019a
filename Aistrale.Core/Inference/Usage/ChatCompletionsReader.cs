using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Chat Completions as OpenAI, Groq, Hugging Face's router and OpenAI-compatible origins speak it.</summary>
/// <remarks>
/// <code>
/// data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}
/// data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"x_groq":{"id":"req_1","usage":{"prompt_tokens":20,"completion_tokens":9}}}
/// data: {"id":"c1","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}}
/// data: [DONE]
/// </code>
/// Usage may also sit in the last content chunk, or be repeated, growing, on every chunk.
/// </remarks>
internal sealed class ChatCompletionsReader(UpstreamObservation observation) : UpstreamReader(observation)
{
    private OpenAIUsage _usage;
    private bool _identified;
    private bool _sawToolCalls;

    protected override bool TryReadQuickly(ReadOnlySpan<byte> data, ReadOnlySpan<byte> eventName)
    {
        if (!_identified
            || !eventName.IsEmpty
            || HasValue(data, "\"finish_reason\""u8)
            || HasValue(data, "\"usage\""u8)
            || data.IndexOf("\"error\""u8) >= 0
            || data.IndexOf("\"x_groq\""u8) >= 0)
        {
            return false;
        }

        // The delta is a small object; reading it alone saves the rest of the chunk.
        // Inside a JSON string the quotes of this needle would be escaped, so it only matches a real property.
        var deltaStart = data.IndexOf("\"delta\":{"u8);
        if (deltaStart < 0)
        {
            return false;
        }

        while (deltaStart >= 0)
        {
            data = data[(deltaStart + "\"delta\""u8.Length + 1)..];
            var json = WireJson.Open(data);
            json.Read();
            ReadMembersOfOutput(ref json);
            data = data[(int)json.BytesConsumed..];
            deltaStart = data.IndexOf("\"delta\":{"u8);
        }

        return true;
    }

    protected override void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> eventName)
    {
        var error = default(ErrorFields);
        var isBareError = eventName.SequenceEqual("error"u8);
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("choices"u8))
            {
                ReadChoices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                _usage.Read(ref json, Seen);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                Seen.UpstreamResponseId = WireJson.Text(ref json) ?? Seen.UpstreamResponseId;
            }
            else if (json.ValueTextEquals("model"u8))
            {
                Seen.ModelReported = WireJson.Text(ref json) ?? Seen.ModelReported;
                _identified = true;
            }
            else if (json.ValueTextEquals("service_tier"u8))
            {
                Seen.ServiceTier = WireJson.Text(ref json) ?? Seen.ServiceTier;
            }
            else if (json.ValueTextEquals("x_groq"u8))
            {
                ReadGroqExtras(ref json, ref error);
            }
            else if (json.ValueTextEquals("object"u8))
            {
                isBareError |= WireJson.Text(ref json) == "error";
            }
            else if (!error.TryReadMember(ref json))
            {
                json.Skip();
            }
        }

        if (isBareError)
        {
            error.AcceptBareMessage();
        }

        if (error.Found)
        {
            NoteError(error);
        }
    }

    private void ReadChoices(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterArray(ref json))
        {
            return;
        }

        while (WireJson.NextElement(ref json))
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadChoice(ref Utf8JsonReader json)
    {
        string? finish = null;
        var index = 0L;
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8))
            {
                if (WireJson.EnterObject(ref json))
                {
                    ReadMembersOfOutput(ref json);
                }
            }
            else if (json.ValueTextEquals("finish_reason"u8))
            {
                finish = WireJson.Text(ref json);
            }
            else if (json.ValueTextEquals("index"u8))
            {
                index = WireJson.Count(ref json) ?? 0;
            }
            else if (json.ValueTextEquals("text"u8))
            {
                NoteOutput(WireJson.Length(ref json));
            }
            else if (json.ValueTextEquals("error"u8))
            {
                var error = default(ErrorFields);
                error.ReadError(ref json);
                if (error.Found)
                {
                    NoteError(error);
                }
            }
            else
            {
                json.Skip();
            }
        }

        // With n > 1 the first choice speaks for the call.
        if (finish is not null && (index == 0 || Seen.FinishReasonNative is null))
        {
            NoteFinish(finish, _sawToolCalls);
        }
    }

    /// <summary>The members of a delta or message: anything that is text the model wrote counts as output.</summary>
    private void ReadMembersOfOutput(ref Utf8JsonReader json)
    {
        var chars = 0L;
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("content"u8))
            {
                chars += ReadContent(ref json);
            }
            else if (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8) || json.ValueTextEquals("refusal"u8))
            {
                chars += WireJson.Length(ref json);
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                ReadToolCalls(ref json);
            }
            else if (json.ValueTextEquals("function_call"u8) && WireJson.EnterObject(ref json))
            {
                ReadFunction(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        NoteOutput(chars);
    }

    /// <summary>Text, or (Mistral and friends) a list of parts: <c>[{"type":"text","text":"Hi"}]</c>.</summary>
    private static long ReadContent(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return WireJson.CurrentLength(ref json);
        }

        var chars = 0L;
        if (json.TokenType == JsonTokenType.StartArray)
        {
            var depth = json.CurrentDepth;
            while (json.Read() && json.CurrentDepth > depth)
            {
                if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("text"u8))
                {
                    chars += WireJson.Length(ref json);
                }
            }
        }

        return chars;
    }

    private void ReadToolCalls(ref Utf8JsonReader json)
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

            while (WireJson.NextProperty(ref json))
            {
                var isCall = json.ValueTextEquals("function"u8) || json.ValueTextEquals("custom"u8);
                if (isCall && WireJson.EnterObject(ref json))
                {
                    ReadFunction(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    private void ReadFunction(ref Utf8JsonReader json)
    {
        var chars = 0L;
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("input"u8) || json.ValueTextEquals("name"u8))
            {
                chars += WireJson.Length(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        _sawToolCalls = true;
        NoteOutput(chars);
    }

    private void ReadGroqExtras(ref Utf8JsonReader json, ref ErrorFields error)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("usage"u8))
            {
                _usage.Read(ref json, Seen);
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
    }

    private void NoteOutput(long chars)
    {
        if (chars > 0)
        {
            Seen.AddOutput(chars);
        }
    }

    /// <summary>True when the property is there and not plainly null.</summary>
    private static bool HasValue(ReadOnlySpan<byte> data, ReadOnlySpan<byte> quotedName)
    {
        var at = data.IndexOf(quotedName);
        return at >= 0 && !data[(at + quotedName.Length)..].StartsWith(":null"u8);
    }
}
