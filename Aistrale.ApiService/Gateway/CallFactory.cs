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
    private static readonly FrozenSet<string> Kept = new[]
    {
        "authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie", "host", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length", "content-type", "content-encoding", "accept-encoding",
        "origin", "referer", "forwarded", "via", "traceparent", "tracestate", "baggage", "x-request-id", "idempotency-key", "x-real-ip",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] KeptPrefixes = ["x-aistrale-", "x-forwarded-", "sec-"];

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
        foreach (var (name, values) in headers)
        {
            if (!Kept.Contains(name) && !Array.Exists(KeptPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                forwarded.Add(new(name, values.ToString()));
            }
        }

        return forwarded;
    }
}
