using System.ComponentModel.DataAnnotations;

namespace Aistrale.Contracts;

public static class TokenVisibilities
{
    /// <summary>Only the owner's calls use it.</summary>
    public const string Private = "private";

    /// <summary>Every call of the workspace may use it; only an admin can set it.</summary>
    public const string Workspace = "workspace";
}

/// <summary>Stores a provider credential. <paramref name="BaseUrl"/> is what that provider's SDK takes, path included; required for <c>custom</c>.</summary>
public sealed record CreateTokenRequest(
    [property: Required, StringLength(32)] string Provider,
    [property: Required, StringLength(100, MinimumLength = 1)] string Label,
    [property: Required, StringLength(4096, MinimumLength = 1)] string Secret,
    [property: StringLength(2048)] string? BaseUrl = null,
    bool IsDefault = false,
    string Visibility = TokenVisibilities.Private);

/// <summary>A provider credential without its secret; <paramref name="Hint"/> is the secret's last four characters.</summary>
public sealed record TokenResponse(
    Guid Id,
    string Provider,
    string Label,
    string Hint,
    string BaseUrl,
    bool IsDefault,
    string Visibility,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    string Status);
