using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Users;

/// <summary>Who is to be made a user. <paramref name="Role"/> is one of <see cref="Roles"/>.</summary>
public sealed record NewUser(string Email, string DisplayName, string Role, Secret Password);

/// <summary>Makes and changes users.</summary>
public sealed class UserService
{
    private const int MaxEmailLength = 254;
    private const int MaxDisplayNameLength = 100;
    private static readonly EmailAddressAttribute EmailRule = new();

    private readonly AistraleDbContext _db;
    private readonly IPasswordHasher<User> _hasher;
    private readonly TimeProvider _clock;

    internal UserService(AistraleDbContext db, IPasswordHasher<User> hasher, TimeProvider clock)
    {
        _db = db;
        _hasher = hasher;
        _clock = clock;
    }

    /// <summary>Why this e-mail address will not do; null when it will.</summary>
    public static Failure? RefuseEmail(string email) =>
        email.Length <= MaxEmailLength && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && EmailRule.IsValid(email)
            ? null
            : new Failure(ErrorCodes.ValidationFailed, "This is not an e-mail address: write it as name@example.org.", "email");

    /// <summary>Adds an active user to the first workspace. Refuses an address that is taken, whatever its letter case.</summary>
    public async Task<Outcome<Guid>> CreateAsync(NewUser request, CancellationToken ct)
    {
        var email = request.Email.Trim();
        if (Refuse(request, email) is { } failure)
        {
            return failure;
        }

        var workspaceId = await _db.Workspaces.OrderBy(workspace => workspace.Id).Select(workspace => (Guid?)workspace.Id).FirstOrDefaultAsync(ct);
        if (workspaceId is null)
        {
            return new Failure(ErrorCodes.Conflict, "There is no workspace yet: the first user has to be an administrator, who makes one.");
        }

        var user = Create(request, email, workspaceId.Value);
        _db.Add(user);
        try
        {
            await _db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (
            DatabaseErrors.IsUniqueViolation(exception, "ux_users_normalized_email") || DatabaseErrors.IsUniqueViolation(exception, "ux_users_normalized_user_name"))
        {
            return new Failure(ErrorCodes.Conflict, $"There is a user with the e-mail address {email} already.", "email");
        }

        return user.Id;
    }

    /// <summary>False when nobody has this address.</summary>
    public async Task<bool> RenameAsync(string email, string displayName, CancellationToken ct)
    {
        var normalized = UserNames.Normalize(email);
        var user = await _db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, ct);
        if (user is null)
        {
            return false;
        }

        user.DisplayName = displayName.Trim();
        await _db.SaveChangesAsync(ct);
        return true;
    }

    private static Failure? Refuse(NewUser request, string email)
    {
        if (RefuseEmail(email) is { } malformed)
        {
            return malformed;
        }

        if (request.Role is not (Roles.Admin or Roles.User or Roles.Auditor))
        {
            return new Failure(ErrorCodes.ValidationFailed, $"The role must be {Roles.Admin}, {Roles.User} or {Roles.Auditor}.", "role");
        }

        return string.IsNullOrWhiteSpace(request.DisplayName) || request.DisplayName.Trim().Length > MaxDisplayNameLength
            ? new Failure(ErrorCodes.ValidationFailed, $"Give a display name of 1 to {MaxDisplayNameLength} characters.", "displayName")
            : Passwords.Refuse(request.Password.Reveal(), email);
    }

    private User Create(NewUser request, string email, Guid workspaceId)
    {
        var now = _clock.GetUtcNow();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = workspaceId,
            Email = email,
            NormalizedEmail = UserNames.Normalize(email),
            UserName = email,
            NormalizedUserName = UserNames.Normalize(email),
            EmailConfirmed = true,
            DisplayName = request.DisplayName.Trim(),
            Role = request.Role,
            SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20)),
            CreatedAt = now,
        };
        user.PasswordHash = _hasher.HashPassword(user, request.Password.Reveal());
        return user;
    }
}
