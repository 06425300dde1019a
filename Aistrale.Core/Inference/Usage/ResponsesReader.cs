using System.Text;
using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>OpenAI Responses.</summary>
/// <remarks>
/// <code>
/// event: response.output_text.delta
/// data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi"}
///
/// event: response.completed
/// data: {"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[…],"usage":{"input_tokens":20,…}}}
/// </code>
/// A whole answer is the same response object, bare. There is no [DONE].
/// </remarks>
internal sealed class ResponsesReader(UpstreamObservation observation) : UpstreamReader(observation)
{
    private OpenAIUsage _usage;
    private bool _sawToolCalls;
    private long _webSearches;
    private long _fileSearches;

    protected override bool TryReadQuickly(ReadOnlySpan<byte> data, ReadOnlySpan<byte> eventName)
    {
        // The many text events carry nothing else worth knowing. Audio and images come as base64, whose length says nothing about tokens.
        if (!IsTextDelta(eventName))
        {
            return false;
        }

        var json = WireJson.Open(data);
        json.Read();
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("delta"u8))
            {
                NoteOutput(WireJson.Length(ref json));
                return true;
            }

            json.Skip();
        }

        return true;
    }

    protected override void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> eventName)
    {
        var message = new Message { Type = NameOf(eventName) };
        var response = default(Response);
        var error = default(ErrorFields);
        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("type"u8))
            {
                message.Type = WireJson.Text(ref json) ?? message.Type;
            }
            else if (json.ValueTextEquals("response"u8))
            {
                if (WireJson.EnterObject(ref json))
                {
                    ReadResponse(ref json, ref response);
                }
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                message.DeltaChars = WireJson.Length(ref json);
            }
            else if (json.ValueTextEquals("item"u8))
            {
                if (WireJson.EnterObject(ref json))
                {
                    message.Item = ReadItem(ref json);
                }
            }
            else if (!TryReadResponseMember(ref json, ref response) && !error.TryReadMember(ref json))
            {
                json.Skip();
            }
        }

        Settle(message, response, ref error);
    }

    private void Settle(in Message message, in Response response, ref ErrorFields error)
    {
        switch (message.Type)
        {
            case "error":
                // Flat in the documentation, {"error":{…}} from some proxies; the latter was read as the response's own.
                error.AcceptBareMessage();
                if (error.Found || !response.Error.Found)
                {
                    NoteError(error);
                }

                break;
            case "response.output_item.added":
                _sawToolCalls |= message.Item is Item.Tool;
                break;
            case "response.output_item.done":
                Count(message.Item);
                break;
            case { } type when type.EndsWith(".delta", StringComparison.Ordinal) && !type.EndsWith("audio.delta", StringComparison.Ordinal):
                NoteOutput(message.DeltaChars);
                break;
        }

        Settle(response);
    }

    private void Settle(in Response response)
    {
        if (response.Error.Found)
        {
            NoteError(response.Error);
        }

        // A background response is "queued" or "in_progress" even as a whole answer: not the end yet.
        if (response.Status is not ("completed" or "incomplete" or "failed" or "cancelled"))
        {
            return;
        }

        NoteFinish(response.IncompleteReason is { } reason ? $"{response.Status}:{reason}" : response.Status, _sawToolCalls);
    }

    private void ReadResponse(ref Utf8JsonReader json, ref Response response)
    {
        while (WireJson.NextProperty(ref json))
        {
            if (!TryReadResponseMember(ref json, ref response))
            {
                json.Skip();
            }
        }
    }

    private bool TryReadResponseMember(ref Utf8JsonReader json, ref Response response)
    {
        if (json.ValueTextEquals("id"u8))
        {
            Seen.UpstreamResponseId = WireJson.Text(ref json) ?? Seen.UpstreamResponseId;
        }
        else if (json.ValueTextEquals("model"u8))
        {
            Seen.ModelReported = WireJson.Text(ref json) ?? Seen.ModelReported;
        }
        else if (json.ValueTextEquals("service_tier"u8))
        {
            Seen.ServiceTier = WireJson.Text(ref json) ?? Seen.ServiceTier;
        }
        else if (json.ValueTextEquals("status"u8))
        {
            response.Status = WireJson.Text(ref json);
        }
        else if (json.ValueTextEquals("usage"u8))
        {
            _usage.Read(ref json, Seen);
        }
        else if (json.ValueTextEquals("incomplete_details"u8))
        {
            response.IncompleteReason = ReadIncompleteReason(ref json);
        }
        else if (json.ValueTextEquals("error"u8))
        {
            response.Error.ReadError(ref json);
        }
        else if (json.ValueTextEquals("output"u8))
        {
            ReadOutput(ref json);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static string? ReadIncompleteReason(ref Utf8JsonReader json)
    {
        string? reason = null;
        if (WireJson.EnterObject(ref json))
        {
            while (WireJson.NextProperty(ref json))
            {
                if (json.ValueTextEquals("reason"u8))
                {
                    reason = WireJson.Text(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return reason;
    }

    /// <summary>The list of all items, in a whole answer and again at the end of a stream: it restates the counts, it does not add to them.</summary>
    private void ReadOutput(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterArray(ref json))
        {
            return;
        }

        var (webSearches, fileSearches) = (_webSearches, _fileSearches);
        _webSearches = _fileSearches = 0;
        var isWhole = Seen.OutputDeltasSeen == 0;
        while (WireJson.NextElement(ref json))
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                var item = ReadItem(ref json, countText: isWhole);
                Count(item);
                _sawToolCalls |= item is Item.Tool;
            }
            else
            {
                json.Skip();
            }
        }

        _webSearches = Math.Max(_webSearches, webSearches);
        _fileSearches = Math.Max(_fileSearches, fileSearches);
        NoteSearches();
    }

    private Item ReadItem(ref Utf8JsonReader json, bool countText = false)
    {
        var item = Item.Other;
        var isPageVisit = false;
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isOwn = json.CurrentDepth == depth + 1;
            if (json.ValueTextEquals("type"u8))
            {
                var type = WireJson.Text(ref json);
                item = isOwn ? KindOf(type) : item;
                isPageVisit |= type is "open_page" or "find_in_page" or "find";
            }
            else if (countText && (json.ValueTextEquals("text"u8) || json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("refusal"u8)))
            {
                NoteOutput(WireJson.Length(ref json));
            }
        }

        // Only the search itself is charged, not the pages that the model opens from its results.
        return item is Item.WebSearch && isPageVisit ? Item.Other : item;
    }

    private void Count(Item item)
    {
        _webSearches += item is Item.WebSearch ? 1 : 0;
        _fileSearches += item is Item.FileSearch ? 1 : 0;
        _sawToolCalls |= item is Item.Tool;
        NoteSearches();
    }

    private void NoteSearches()
    {
        Seen.WebSearches = _webSearches > 0 ? _webSearches : Seen.WebSearches;
        Seen.FileSearches = _fileSearches > 0 ? _fileSearches : Seen.FileSearches;
    }

    private void NoteOutput(long chars)
    {
        if (chars > 0)
        {
            Seen.AddOutput(chars);
        }
    }

    private static Item KindOf(string? type) => type switch
    {
        "function_call" or "custom_tool_call" => Item.Tool,
        "web_search_call" => Item.WebSearch,
        "file_search_call" => Item.FileSearch,
        _ => Item.Other,
    };

    private static bool IsTextDelta(ReadOnlySpan<byte> eventName) =>
        eventName.SequenceEqual("response.output_text.delta"u8)
        || eventName.SequenceEqual("response.function_call_arguments.delta"u8)
        || eventName.SequenceEqual("response.reasoning_text.delta"u8)
        || eventName.SequenceEqual("response.reasoning_summary_text.delta"u8);

    private static string? NameOf(ReadOnlySpan<byte> eventName) =>
        eventName.Length is > 0 and <= 128 ? Encoding.UTF8.GetString(eventName) : null;

    private enum Item
    {
        Other,
        Tool,
        WebSearch,
        FileSearch,
    }

    private struct Message
    {
        public string? Type;
        public long DeltaChars;
        public Item Item;
    }

    private struct Response
    {
        public string? Status;
        public string? IncompleteReason;
        public ErrorFields Error;
    }
}
