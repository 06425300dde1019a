using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Aistrale.Contracts;

public static class KeyScopes
{
    public const string Inference = "inference";
    public const string TelemetryRead = "telemetry:read";
    public const string PromptsRead = "prompts:read";
    public const string PromptsWrite = "prompts:write";

    public static readonly IReadOnlyList<string> All = [Inference, TelemetryRead, PromptsRead, PromptsWrite];
}

/// <summary>Makes an Aistrale key for programs. Absent lists mean "all"; an absent <paramref name="ExpiresAt"/> means ninety days.</summary>
public sealed record CreateKeyRequest(
    [property: Required, StringLength(100, MinimumLength = 1)] string Name,
    IReadOnlyList<string>? Scopes = null,
    IReadOnlyList<string>? Models = null,
    IReadOnlyList<string>? Providers = null,
    DateTimeOffset? ExpiresAt = null);

public record KeyResponse
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The key's last four characters.</summary>
    public required string Hint { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
    public IReadOnlyList<string>? Models { get; init; }
    public IReadOnlyList<string>? Providers { get; init; }
    public required Guid OwnerId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }
}

/// <summary>The only answer that carries the key itself.</summary>
public sealed record CreatedKeyResponse : KeyResponse
{
    public CreatedKeyResponse()
    {
    }

    [SetsRequiredMembers]
    public CreatedKeyResponse(KeyResponse response, string key)
        : base(response) => Key = key;

    public required string Key { get; init; }
}
