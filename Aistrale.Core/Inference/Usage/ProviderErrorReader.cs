using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>Reads the body of a refused call. Works by shape, not by provider: routers and proxies answer in the shapes of whatever stands behind them.</summary>
internal static class ProviderErrorReader
{
    /// <summary>Error bodies are small; what is larger is a page, not an error.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    public static UpstreamError Read(int status, in ProviderErrorHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var retryAfterSeconds = RetryAfter.ParseMilliseconds(headers.RetryAfterMs) ?? RetryAfter.Parse(headers.RetryAfter, now);
        var fields = default(ErrorFields);
        var isParsed = body.Length <= MaxBodyBytes && TryRead(body, ref fields);
        return isParsed
            ? fields.ToUpstreamError(status, retryAfterSeconds)
            : new UpstreamError(status, Type: null, Code: null, Param: null, Message: null, retryAfterSeconds, IsParsed: false);
    }

    private static bool TryRead(ReadOnlySpan<byte> body, ref ErrorFields fields)
    {
        try
        {
            var json = WireJson.Open(body);
            if (!json.Read())
            {
                return false;
            }

            if (json.TokenType == JsonTokenType.StartArray)
            {
                json.Read();
            }

            if (json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (WireJson.NextProperty(ref json))
            {
                if (!fields.TryReadMember(ref json))
                {
                    json.Skip();
                }
            }

            fields.AcceptBareMessage();
            return fields.Found;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>The answer headers that an error is read from; null = not sent.</summary>
internal readonly record struct ProviderErrorHeaders(string? RetryAfter = null, string? RetryAfterMs = null);
