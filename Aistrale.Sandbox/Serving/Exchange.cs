using Aistrale.Sandbox.Calls;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>One call while it is being answered.</summary>
internal sealed class Exchange
{
    public required HttpContext Http { get; init; }
    public required Provider Provider { get; init; }
    public required Wire Wire { get; init; }
    public required Ask Ask { get; init; }
    public required CallRecord Call { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public Seed Seed { get; set; }
    public Script Script { get; set; } = Script.Plain;

    /// <summary>Set for wires that generate text.</summary>
    public Answer Answer { get; set; } = null!;

    /// <summary>The counts as this wire can express them; null when the script switched them off.</summary>
    public TokenUsage? Usage { get; set; }

    public long CreatedAt => StartedAt.ToUnixTimeSeconds();

    public string RequestId => field ??= Seed.HexId("req_", 32, purpose: 1);
}
