using System.Security.Cryptography;
using System.Text;
using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Tokens;
using Aistrale.Core.Users;
using Aistrale.Core.Workspaces;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Auth;

/// <summary>Makes the first admin and the first workspace, once.</summary>
public sealed class SetupService
{
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(60);

    private readonly AistraleDbContext _db;
    private readonly IPasswordHasher<User> _hasher;
    private readonly SandboxTokens _sandbox;
    private readonly TimeProvider _clock;

    internal SetupService(AistraleDbContext db, IPasswordHasher<User> hasher, SandboxTokens sandbox, TimeProvider clock)
    {
        _db = db;
        _hasher = hasher;
        _sandbox = sandbox;
        _clock = clock;
    }

    /// <summary>Still without an admin?</summary>
    public async Task<bool> IsOpenAsync(CancellationToken ct) => !await _db.Users.AnyAsync(ct);

    /// <summary>A new one-time code, good for an hour; it replaces an earlier one. Null when there is an admin already.</summary>
    public async Task<string?> IssueCodeAsync(CancellationToken ct)
    {
        if (!await IsOpenAsync(ct))
        {
            return null;
        }

        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var hash = Hash(code);
        var expiresAt = _clock.GetUtcNow() + CodeLifetime;
        await _db.Database.ExecuteSqlAsync(
            $"INSERT INTO setup_claims (id, code_hash, expires_at) VALUES (1, {hash}, {expiresAt}) ON CONFLICT (id) DO UPDATE SET code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at WHERE setup_claims.claimed_at IS NULL", ct);
        return code;
    }

    /// <summary>Redeems the code. Of many who try at once, one becomes the admin.</summary>
    public async Task<Outcome<Guid>> ClaimAsync(SetupRequest request, CancellationToken ct)
    {
        if (Passwords.Refuse(request.Password, request.Email) is { } weak)
        {
            return weak;
        }

        var now = _clock.GetUtcNow();
        var hash = Hash(request.Code);
        return await _db.InTransactionAsync<Outcome<Guid>>(async () =>
        {
            var claimed = await _db.SetupClaims
                .Where(claim => claim.Id == SetupClaim.OnlyId && claim.ClaimedAt == null && claim.CodeHash == hash && claim.ExpiresAt > now)
                .ExecuteUpdateAsync(set => set.SetProperty(claim => claim.ClaimedAt, now), ct);
            return claimed == 1
                ? await CreateAdminAsync(request.Email, request.DisplayName, request.Password, ct)
                : new Failure(ErrorCodes.InvalidSetupCode, "This set-up code is not valid or has expired. Run ./aistrale up again for a new one.", "code");
        }, ct);
    }

    /// <summary>The first admin as the operator configured it. False when there is one already: then nothing changes, its password least of all.</summary>
    public async Task<Outcome<bool>> EnsureAdminAsync(string email, string password, CancellationToken ct)
    {
        if (!await IsOpenAsync(ct))
        {
            return false;
        }

        if (Passwords.Refuse(password, email) is { } weak)
        {
            return weak;
        }

        var now = _clock.GetUtcNow();
        return await _db.InTransactionAsync<Outcome<bool>>(async () =>
        {
            var claimed = await _db.Database.ExecuteSqlAsync(
                $"INSERT INTO setup_claims (id, expires_at, claimed_at) VALUES (1, {now}, {now}) ON CONFLICT (id) DO UPDATE SET claimed_at = EXCLUDED.claimed_at WHERE setup_claims.claimed_at IS NULL", ct);
            if (claimed == 0)
            {
                return false;
            }

            var admin = await CreateAdminAsync(email, email.Split('@')[0], password, ct);
            return admin.Failure is { } failure ? failure : true;
        }, ct);
    }

    private async Task<Outcome<Guid>> CreateAdminAsync(string email, string displayName, string password, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var workspace = new Workspace { Id = Guid.CreateVersion7(now), Name = "Default", CreatedAt = now };
        var admin = new User
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = workspace.Id,
            Email = email.Trim(),
            NormalizedEmail = UserNames.Normalize(email),
            UserName = email.Trim(),
            NormalizedUserName = UserNames.Normalize(email),
            EmailConfirmed = true,
            DisplayName = displayName.Trim(),
            Role = Roles.Admin,
            SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20)),
            CreatedAt = now,
        };
        admin.PasswordHash = _hasher.HashPassword(admin, password);
        _db.Add(workspace);
        _db.Add(admin);
        await _db.SaveChangesAsync(ct);
        await _sandbox.EnsureAsync(_db, ct);
        return admin.Id;
    }

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim()));
}
