using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Anthropic Messages.</summary>
/// <remarks>
/// <code>
/// data: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":4,"cache_read_input_tokens":16,
///        "cache_creation_input_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":1},"output_tokens":1}}}
/// data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}
/// data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}
/// data: {"type":"message_stop"}
/// </code>
/// A whole answer is the message object with <c>"type":"message"</c>. <c>input_tokens</c> leaves the cache out; usage is cumulative.
/// </remarks>
internal sealed class MessagesReader(UpstreamObservation observation) : UpstreamReader(observation)
{
    private long? _fresh;
    private long? _cacheRead;
    private long? _cacheWrite;
    private long? _cacheWrite5m;
    private long? _cacheWrite1h;
    private long? _output;
    private long? _thinking;
    private long? _webSearches;

    protected override void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> eventName)
    {
        var error = default(ErrorFields);
        var isError = eventName.SequenceEqual("error"u8);
        var isStop = eventName.SequenceEqual("message_stop"u8);
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("type"u8))
            {
                var type = WireJson.Text(ref json);
                isError |= type == "error";
                isStop |= type == "message_stop";
            }
            else if (json.ValueTextEquals("message"u8))
            {
                ReadStartedMessage(ref json);
            }
            else if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("content_block"u8))
            {
                ReadBlock(ref json);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                error.ReadError(ref json);
            }
            else if (!TryReadMessageMember(ref json))
            {
                json.Skip();
            }
        }

        if (isStop)
        {
            Seen.SawTerminalEvent = true;
        }

        if (error.Found || isError)
        {
            NoteError(error);
        }
    }

    private void ReadStartedMessage(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (!TryReadMessageMember(ref json))
            {
                json.Skip();
            }
        }
    }

    /// <summary>Members of a message object, which is the root of a whole answer and lies one level deeper in <c>message_start</c>.</summary>
    private bool TryReadMessageMember(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("id"u8))
        {
            Seen.UpstreamResponseId = WireJson.Text(ref json) ?? Seen.UpstreamResponseId;
        }
        else if (json.ValueTextEquals("model"u8))
        {
            Seen.ModelReported = WireJson.Text(ref json) ?? Seen.ModelReported;
        }
        else if (json.ValueTextEquals("usage"u8))
        {
            ReadUsage(ref json);
        }
        else if (json.ValueTextEquals("input_tokens"u8))
        {
            // The whole answer of count_tokens.
            Seen.InputTokens = WireJson.Count(ref json);
        }
        else if (json.ValueTextEquals("stop_reason"u8))
        {
            NoteStop(WireJson.Text(ref json), isWhole: true);
        }
        else if (json.ValueTextEquals("content"u8))
        {
            ReadContent(ref json);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void ReadContent(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterArray(ref json))
        {
            return;
        }

        while (WireJson.NextElement(ref json))
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadBlockMembers(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadBlock(ref Utf8JsonReader json)
    {
        if (WireJson.EnterObject(ref json))
        {
            ReadBlockMembers(ref json);
        }
    }

    /// <summary>A content block, a delta of one, or the delta of a message.</summary>
    private void ReadBlockMembers(ref Utf8JsonReader json)
    {
        var chars = 0L;
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("text"u8) || json.ValueTextEquals("thinking"u8) || json.ValueTextEquals("partial_json"u8) || json.ValueTextEquals("name"u8))
            {
                chars += WireJson.Length(ref json);
            }
            else if (json.ValueTextEquals("input"u8))
            {
                chars += ReadInputLength(ref json);
            }
            else if (json.ValueTextEquals("stop_reason"u8))
            {
                NoteStop(WireJson.Text(ref json), isWhole: false);
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

    /// <summary>Tool input comes as an object: its length on the wire, less the empty one that opens a streamed block.</summary>
    private static long ReadInputLength(ref Utf8JsonReader json)
    {
        json.Read();
        var start = json.TokenStartIndex;
        json.Skip();
        return Math.Max(0, json.TokenStartIndex + 1 - start - "{}".Length);
    }

    /// <summary>In a stream the stop reason comes with <c>message_delta</c>; only <c>message_stop</c> after it ends the answer.</summary>
    private void NoteStop(string? reason, bool isWhole)
    {
        var alreadyEnded = Seen.SawTerminalEvent;
        NoteFinish(reason);
        Seen.SawTerminalEvent = alreadyEnded || (isWhole && reason is not null);
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            ReadUsageMember(ref json);
        }

        Apply();
    }

    private void ReadUsageMember(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("input_tokens"u8))
        {
            _fresh = WireJson.Larger(_fresh, WireJson.Count(ref json));
        }
        else if (json.ValueTextEquals("cache_read_input_tokens"u8))
        {
            _cacheRead = WireJson.Larger(_cacheRead, WireJson.Count(ref json));
        }
        else if (json.ValueTextEquals("cache_creation_input_tokens"u8))
        {
            _cacheWrite = WireJson.Larger(_cacheWrite, WireJson.Count(ref json));
        }
        else if (json.ValueTextEquals("cache_creation"u8))
        {
            ReadCacheCreation(ref json);
        }
        else if (json.ValueTextEquals("output_tokens"u8))
        {
            _output = WireJson.Larger(_output, WireJson.Count(ref json));
        }
        else if (json.ValueTextEquals("output_tokens_details"u8))
        {
            _thinking = WireJson.Larger(_thinking, ReadSingle(ref json, "thinking_tokens"u8));
        }
        else if (json.ValueTextEquals("server_tool_use"u8))
        {
            _webSearches = WireJson.Larger(_webSearches, ReadSingle(ref json, "web_search_requests"u8));
        }
        else if (json.ValueTextEquals("service_tier"u8))
        {
            Seen.ServiceTier = WireJson.Text(ref json) ?? Seen.ServiceTier;
        }
        else
        {
            json.Skip();
        }
    }

    private void ReadCacheCreation(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("ephemeral_5m_input_tokens"u8))
            {
                _cacheWrite5m = WireJson.Larger(_cacheWrite5m, WireJson.Count(ref json));
            }
            else if (json.ValueTextEquals("ephemeral_1h_input_tokens"u8))
            {
                _cacheWrite1h = WireJson.Larger(_cacheWrite1h, WireJson.Count(ref json));
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static long? ReadSingle(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        long? count = null;
        if (WireJson.EnterObject(ref json))
        {
            while (WireJson.NextProperty(ref json))
            {
                if (json.ValueTextEquals(name))
                {
                    count = WireJson.Count(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return count;
    }

    /// <summary>To inclusive input. Where the split by lifetime is missing or does not add up, the rest counts as the 5-minute kind.</summary>
    private void Apply()
    {
        var split = (_cacheWrite5m ?? 0) + (_cacheWrite1h ?? 0);
        var written = Math.Max(_cacheWrite ?? 0, split);
        var isWriteKnown = _cacheWrite is not null || _cacheWrite5m is not null || _cacheWrite1h is not null;
        Seen.CacheWrite5mTokens = isWriteKnown ? written - (_cacheWrite1h ?? 0) : null;
        Seen.CacheWrite1hTokens = isWriteKnown ? _cacheWrite1h ?? 0 : null;
        Seen.CachedInputTokens = _cacheRead;
        Seen.InputTokens = _fresh is { } fresh ? fresh + (_cacheRead ?? 0) + written : null;
        Seen.OutputTokens = _output is { } output ? Math.Max(output, _thinking ?? 0) : null;
        Seen.ReasoningTokens = _thinking;
        Seen.WebSearches = _webSearches;
    }
}
