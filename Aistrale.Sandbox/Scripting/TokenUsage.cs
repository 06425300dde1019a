namespace Aistrale.Sandbox.Scripting;

/// <summary>
/// Canonical counts. Input includes cache reads and writes, output includes reasoning; each wire format
/// takes out what it counts apart.
/// </summary>
internal sealed record TokenUsage(long Input, long Cached, long CacheWrite5m, long CacheWrite1h, long Output, long Reasoning)
{
    public long CacheWrites => CacheWrite5m + CacheWrite1h;

    public long Total => Input + Output;
}
