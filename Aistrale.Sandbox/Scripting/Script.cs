namespace Aistrale.Sandbox.Scripting;

/// <summary>Where the connection or the stream ends badly.</summary>
internal enum Death
{
    None,

    /// <summary>Reset before a single byte of the answer.</summary>
    BeforeHeaders,

    /// <summary>Status and headers arrive, then a reset.</summary>
    BeforeFirst,

    /// <summary>A reset after half of the tokens (or after <c>at</c> tokens).</summary>
    MidStream,

    /// <summary>A clean end of the body right after the last token: no stop reason, no usage, no closing event.</summary>
    NoDone,

    /// <summary>A clean end after stop reason and usage: only the closing marker (<c>[DONE]</c>, <c>message_stop</c>) is missing.</summary>
    NoMarker,
}

/// <summary>What stands in place of a proper answer.</summary>
internal enum BodyTrick
{
    None,
    Html,
    Empty,
    Truncated,
    Garbage,
    Error200,
}

/// <summary>How events are framed; all of these are legal server-sent events.</summary>
internal enum EventFraming
{
    Usual,
    Crlf,
    NoSpace,
    Comments,
}

/// <summary>What the directives of one request ask for. Without any directive: <see cref="Plain"/>.</summary>
internal sealed class Script
{
    /// <summary>Shared by all requests without a directive, so it is never written to.</summary>
    public static readonly Script Plain = new();

    public int? Chunks { get; set; }
    public int? Bytes { get; set; }
    public int? Line { get; set; }
    public bool Endless { get; set; }
    public string Language { get; set; } = "en";

    public TimeSpan Gap { get; set; }
    public TimeSpan First { get; set; }
    public TimeSpan Delay { get; set; }
    public TimeSpan Stall { get; set; }
    public TimeSpan Ping { get; set; }
    public int? At { get; set; }

    public int? Fail { get; set; }
    public string? Code { get; set; }
    public int? RetryAfterS { get; set; }
    public int? FailTimes { get; set; }
    public Death Die { get; set; }
    public bool ErrorMidStream { get; set; }
    public BodyTrick Body { get; set; }

    public bool UsageOff { get; set; }
    public int? InputTokens { get; set; }
    public int? OutputTokens { get; set; }
    public int Cached { get; set; }
    public int CacheWrite5m { get; set; }
    public int CacheWrite1h { get; set; }
    public int Reasoning { get; set; }

    public int Tools { get; set; }
    public string? Finish { get; set; }
    public string? Served { get; set; }
    public string? Tier { get; set; }

    public int HeaderBytes { get; set; }
    public int Split { get; set; }
    public EventFraming Framing { get; set; }
}
