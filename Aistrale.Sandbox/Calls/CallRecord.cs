using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Calls;

internal enum CallOutcome
{
    Running,

    /// <summary>The whole answer went out.</summary>
    Completed,

    /// <summary>The caller hung up first.</summary>
    Cancelled,

    /// <summary>An error was answered, as a status or as an event in the stream.</summary>
    Failed,

    /// <summary>The script broke the answer off.</summary>
    Died,
}

/// <summary>One received call. Written by the request that it belongs to, read at any time by <see cref="CallLogEndpoints"/>.</summary>
internal sealed class CallRecord
{
    private long _endedAtTicks;
    private int _tokensSent;
    private int _outcome;

    public required long Sequence { get; init; }
    public required string? ClientRequestId { get; init; }
    public required string Provider { get; init; }
    public required string Route { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required KeyValuePair<string, string>[] Headers { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Model name as received, directives included.</summary>
    public string? Model { get; set; }

    public bool Stream { get; set; }
    public string? KeyLast4 { get; set; }
    public string? KeySha256 { get; set; }
    public byte[]? BodySha256 { get; set; }
    public int BodyBytes { get; set; }
    public byte[]? Body { get; set; }
    public int Status { get; set; }

    /// <summary>What the complete answer counts as; known before the first token.</summary>
    public TokenUsage? Planned { get; set; }

    /// <summary>What the caller was told; null until, and unless, the counts went out.</summary>
    public TokenUsage? Reported { get; set; }

    public int TokensSent => Volatile.Read(ref _tokensSent);

    public CallOutcome Outcome => (CallOutcome)Volatile.Read(ref _outcome);

    public DateTimeOffset? EndedAt => Volatile.Read(ref _endedAtTicks) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void AddTokens(int count) => Volatile.Write(ref _tokensSent, _tokensSent + count);

    public void End(CallOutcome outcome, DateTimeOffset now)
    {
        Volatile.Write(ref _endedAtTicks, now.UtcTicks);
        Volatile.Write(ref _outcome, (int)outcome);
    }
}
