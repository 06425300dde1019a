using System.Collections.Frozen;
using System.Diagnostics;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects;

namespace Aistrale.ApiService.Gateway;

/// <summary>Makes an <see cref="InferenceCall"/> of an HTTP request, and names the call in the answer.</summary>
internal sealed class CallFactory(TimeProvider clock)
{
    /// <summary>Headers that end here: credentials, hop-by-hop ones, what proxies add, and what is addressed to us.</summary>
    private static readonly FrozenSet<string> Withheld = new[]
    {
        "authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie", "host", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length", "content-type", "content-encoding", "accept-encoding",
        "origin", "referer", "forwarded", "via", "traceparent", "tracestate", "baggage", "x-request-id", "idempotency-key", "x-real-ip",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] WithheldPrefixes = ["x-aistrale-", "x-forwarded-", "sec-"];

    public InferenceCall Create(HttpContext context, CurrentUser user, IDialectRequest request, string source, string? provider = null, Guid? tokenId = null)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        RequestIds.SetCall(context, id);
        return new InferenceCall
        {
            Id = id,

            // To the millisecond, as the id has it: the record's key is made of both.
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
            StartTimestamp = clock.GetTimestamp(),
            Caller = user.ToCaller(),
            Source = source,
            Request = request,
            Headers = source == CallSources.Gateway ? Forwarded(context.Request.Headers) : [],
            Provider = provider,
            TokenId = tokenId,
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
    }

    private static List<KeyValuePair<string, string>> Forwarded(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, string>> forwarded = [];
        var ofThisHop = headers.Connection.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var (name, values) in headers)
        {
            var value = values.ToString();
            if (!IsWithheld(name) && !ofThisHop.Contains(name, StringComparer.OrdinalIgnoreCase) && IsAscii(value))
            {
                forwarded.Add(new(name, value));
            }
        }

        return forwarded;
    }

    private static bool IsWithheld(string name) =>
        Withheld.Contains(name) || Array.Exists(WithheldPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    // HttpClient refuses to send anything else, and a title with an accent must not fail the call.
    private static bool IsAscii(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
