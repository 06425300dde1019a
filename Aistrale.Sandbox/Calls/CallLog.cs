using System.Collections.Concurrent;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Calls;

/// <summary>
/// The last 65,536 calls, in a ring: adding one is an increment and a store, because this server is also the
/// upstream of benchmarks.
/// </summary>
internal sealed class CallLog(TimeProvider clock, IConfiguration configuration)
{
    private const int Capacity = 65_536;
    private const int MaxHeaderLength = 512;
    private const int MaxCountedRequests = 100_000;

    private readonly CallRecord?[] _ring = new CallRecord?[Capacity];
    private readonly ConcurrentDictionary<Seed, int> _callsPerRequest = new();
    private long _sequence;
    private int _openCalls;
    private int _openStreams;
    private int _openConnections;

    public bool KeepsBodies { get; } = configuration.GetValue("Sandbox:KeepBodies", false);

    public long LastSequence => Volatile.Read(ref _sequence);
    public int OpenCalls => Volatile.Read(ref _openCalls);
    public int OpenStreams => Volatile.Read(ref _openStreams);
    public int OpenConnections => Volatile.Read(ref _openConnections);

    public CallRecord Begin(HttpRequest request, string provider, string route)
    {
        Interlocked.Increment(ref _openCalls);
        var sequence = Interlocked.Increment(ref _sequence);
        var call = new CallRecord
        {
            Sequence = sequence,
            ClientRequestId = request.Headers["x-client-request-id"] is [{ } id, ..] ? id : null,
            Provider = provider,
            Route = route,
            Method = request.Method,
            // Without the query: a key in it must not be kept.
            Path = request.Path.Value ?? "",
            Headers = Headers(request.Headers),
            StartedAt = clock.GetUtcNow(),
        };
        Volatile.Write(ref _ring[sequence % Capacity], call);
        return call;
    }

    public void End(CallRecord call, CallOutcome outcome)
    {
        Interlocked.Decrement(ref _openCalls);
        call.End(outcome, clock.GetUtcNow());
    }

    public void StreamOpened() => Interlocked.Increment(ref _openStreams);

    public void StreamClosed() => Interlocked.Decrement(ref _openStreams);

    public void ConnectionOpened() => Interlocked.Increment(ref _openConnections);

    public void ConnectionClosed() => Interlocked.Decrement(ref _openConnections);

    /// <summary>How often exactly this request has come, this time included.</summary>
    public int CountRequest(Seed request)
    {
        if (_callsPerRequest.Count > MaxCountedRequests)
        {
            _callsPerRequest.Clear();
        }

        return _callsPerRequest.AddOrUpdate(request, 1, static (_, n) => n + 1);
    }

    /// <summary>Calls after the given sequence number, oldest first.</summary>
    public IEnumerable<CallRecord> After(long sequence)
    {
        var last = LastSequence;
        for (var s = Math.Max(sequence, last - Capacity) + 1; s <= last; s++)
        {
            // The slot may have been cleared, or be taken again by a call that has come since.
            if (Volatile.Read(ref _ring[s % Capacity]) is { } call && call.Sequence == s)
            {
                yield return call;
            }
        }
    }

    /// <summary>Forgets calls and failure counters. Sequence numbers go on, so nothing is ever numbered twice.</summary>
    public void Clear()
    {
        Array.Clear(_ring);
        _callsPerRequest.Clear();
    }

    private static KeyValuePair<string, string>[] Headers(IHeaderDictionary headers)
    {
        var kept = new KeyValuePair<string, string>[headers.Count];
        var n = 0;
        foreach (var (name, values) in headers)
        {
            if (n == kept.Length)
            {
                break;
            }

            var value = IsSecret(name) ? "***" : values.ToString();
            kept[n++] = new(name, value.Length <= MaxHeaderLength ? value : value[..MaxHeaderLength]);
        }

        return kept;
    }

    // By content of the name, so that a header nobody thought of is hidden rather than shown.
    private static bool IsSecret(string name) =>
        name.Contains("auth", StringComparison.OrdinalIgnoreCase)
        || name.Contains("cookie", StringComparison.OrdinalIgnoreCase)
        || name.Contains("secret", StringComparison.OrdinalIgnoreCase)
        || name.Contains("token", StringComparison.OrdinalIgnoreCase)
        || (name.Contains("key", StringComparison.OrdinalIgnoreCase) && !name.Equals("idempotency-key", StringComparison.OrdinalIgnoreCase));
}
