using System.ComponentModel.DataAnnotations;

namespace Aistrale.Contracts;

/// <summary>Installation roles, as they stand in <c>role</c>.</summary>
public static class Roles
{
    public const string Admin = "admin";
    public const string User = "user";
    public const string Auditor = "auditor";
}

public sealed record SetupStateResponse(bool CodeRequired);

public sealed record SetupRequest(
    [property: Required, StringLength(128)] string Code,
    [property: Required, EmailAddress, StringLength(254)] string Email,
    [property: Required, StringLength(100, MinimumLength = 1)] string DisplayName,
    [property: Required, StringLength(256, MinimumLength = 1)] string Password);

public sealed record LoginRequest(
    [property: Required, StringLength(254)] string Email,
    [property: Required, StringLength(256)] string Password,
    [property: StringLength(16)] string? TotpCode = null);

public sealed record LoginResponse(CurrentUserResponse User);

public sealed record CurrentUserResponse(
    Guid Id,
    string Email,
    string DisplayName,
    string Role,
    Guid WorkspaceId,
    bool MustChangePassword,
    bool TotpEnabled);
