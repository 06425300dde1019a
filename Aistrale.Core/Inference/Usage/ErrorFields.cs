using System.Globalization;
using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Collects the parts of an error from any of the shapes that providers and their proxies use.</summary>
/// <remarks>
/// Samples, in the order of how often they are met:
/// <code>
/// {"error":{"message":"…","type":"invalid_request_error","param":"model","code":"model_not_found"}}     OpenAI, Groq
/// {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}        Anthropic
/// {"error":{"code":429,"message":"…","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"17s"}]}}   Gemini; in OpenAI mode inside [ ]
/// {"error":"Model is overloaded"}   {"error":["…"]}   {"error":"…","error_type":"validation"}             Hugging Face backends
/// {"object":"error","message":"…","type":"BadRequestError","code":400}   {"detail":"Not Found"}          vLLM, FastAPI
/// {"error":true,"message":"…"}   {"error":{"error":{"message":"…"}}}                                      proxies
/// </code>
/// </remarks>
internal struct ErrorFields
{
    private const int MaxFieldBytes = 256;

    // Escapes can make 1 KB of message longer on the wire; what is longer than this cannot be short enough.
    private const int MaxMessageBytes = 8 * 1024;

    public bool Found { get; private set; }

    public string? Type { get; private set; }

    public string? Code { get; private set; }

    public string? Param { get; private set; }

    public string? Message { get; private set; }

    /// <summary>A numeric code, which is an HTTP status in every shape that has one.</summary>
    public long? NumericCode { get; private set; }

    public double? RetryDelaySeconds { get; private set; }

    /// <summary>The value of a property named <c>error</c>; the reader stands on the name.</summary>
    public void ReadError(ref Utf8JsonReader json)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.True:
                Found = true;
                break;
            case JsonTokenType.String:
                Found |= !json.ValueSpan.IsEmpty;
                Message ??= WireJson.Current(ref json, MaxMessageBytes);
                break;
            case JsonTokenType.StartObject:
                Found = true;
                ReadMembers(ref json);
                break;
            case JsonTokenType.StartArray:
                ReadList(ref json);
                break;
            default:
                json.Skip();
                break;
        }
    }

    /// <summary>One property of an error object, or of a body that may be one; false when it says nothing about an error, and then nothing was read.</summary>
    public bool TryReadMember(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("message"u8) || json.ValueTextEquals("detail"u8) || json.ValueTextEquals("msg"u8))
        {
            ReadMessage(ref json);
        }
        else if (json.ValueTextEquals("type"u8) || json.ValueTextEquals("error_type"u8))
        {
            ReadType(ref json);
        }
        else if (json.ValueTextEquals("code"u8) || json.ValueTextEquals("status_code"u8) || json.ValueTextEquals("http_status_code"u8))
        {
            ReadCode(ref json);
        }
        else if (json.ValueTextEquals("status"u8))
        {
            // Gemini's symbolic status serves as type and code; where a shape has its own, that wins.
            var symbol = WireJson.Text(ref json, MaxFieldBytes);
            Type ??= symbol;
            Code ??= symbol;
        }
        else if (json.ValueTextEquals("param"u8))
        {
            Param = WireJson.Text(ref json, MaxFieldBytes) ?? Param;
        }
        else if (json.ValueTextEquals("details"u8))
        {
            ReadDetails(ref json);
        }
        else if (json.ValueTextEquals("error"u8))
        {
            ReadError(ref json);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Marks a body without an <c>error</c> property as an error all the same, when it has a message.</summary>
    public void AcceptBareMessage() => Found = Found || Message is not null;

    public readonly UpstreamError ToUpstreamError(int status, double? retryAfterSeconds = null, bool isParsed = true) => new(
        status,
        KeyShapes.Remove(Type),
        KeyShapes.Remove(Code),
        KeyShapes.Remove(Param),
        KeyShapes.RemoveFromMessage(Message),
        retryAfterSeconds ?? RetryDelaySeconds,
        isParsed);

    private void ReadMembers(ref Utf8JsonReader json)
    {
        while (WireJson.NextProperty(ref json))
        {
            if (!TryReadMember(ref json))
            {
                json.Skip();
            }
        }
    }

    /// <summary><c>["text"]</c> or FastAPI's <c>[{"loc":["body","model"],"msg":"field required"}]</c>: the first entry speaks for all.</summary>
    private void ReadList(ref Utf8JsonReader json)
    {
        while (WireJson.NextElement(ref json))
        {
            if (json.TokenType == JsonTokenType.String)
            {
                Found = true;
                Message ??= WireJson.Current(ref json, MaxMessageBytes);
            }
            else if (json.TokenType == JsonTokenType.StartObject && Message is null)
            {
                Found = true;
                ReadMembers(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadMessage(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            Message = WireJson.Current(ref json, MaxMessageBytes) ?? Message;
        }
        else if (json.TokenType == JsonTokenType.StartArray)
        {
            ReadList(ref json);
        }
        else
        {
            json.Skip();
        }
    }

    private void ReadType(ref Utf8JsonReader json)
    {
        // Anthropic's envelope says only "error"; its keys come in any order, so it must not hide the type inside.
        var type = WireJson.Text(ref json, MaxFieldBytes);
        Type = type is null or "error" ? Type : type;
    }

    private void ReadCode(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            Code = WireJson.Current(ref json, MaxFieldBytes) ?? Code;
        }
        else if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number))
        {
            // A number in this range repeats the HTTP status and would make a poor code.
            NumericCode = number;
            Code ??= number is >= 400 and <= 599 ? null : number.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            json.Skip();
        }
    }

    private void ReadDetails(ref Utf8JsonReader json)
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
                if (json.ValueTextEquals("retryDelay"u8))
                {
                    RetryDelaySeconds = RetryAfter.ParseDuration(WireJson.Text(ref json)) ?? RetryDelaySeconds;
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }
}
