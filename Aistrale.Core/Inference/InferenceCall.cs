using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Keys;

namespace Aistrale.Core.Inference;

public static class CallSources
{
    /// <summary>A program with an Aistrale key.</summary>
    public const string Gateway = "gateway";

    /// <summary>A person in the console.</summary>
    public const string Console = "console";
}

/// <summary>On whose behalf a call runs.</summary>
/// <param name="Key">The virtual key used; null for a console session.</param>
public sealed record Caller(Guid WorkspaceId, Guid UserId, KeyEntry? Key);

/// <summary>One call, from its first byte to its settlement.</summary>
public sealed class InferenceCall
{
    /// <summary>Version 7; also the usage record's id, and what upstream gets as <c>x-client-request-id</c>.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Monotonic, for durations.</summary>
    public required long StartTimestamp { get; init; }

    public required Caller Caller { get; init; }
    public required string Source { get; init; }
    public required IDialectRequest Request { get; init; }

    /// <summary>The caller's headers, for the native lane; credentials and hop-by-hop headers are already gone.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Only this provider, whatever the model's name says.</summary>
    public string? Provider { get; init; }

    /// <summary>Only this provider token.</summary>
    public Guid? TokenId { get; init; }

    public string? TraceId { get; init; }
}
