using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Auth;

/// <summary>Judges credentials. Sessions belong to the host.</summary>
public sealed class AuthService
{
    private readonly AistraleDbContext _db;
    private readonly PasswordGate _gate;
    private readonly TimeProvider _clock;

    internal AuthService(AistraleDbContext db, PasswordGate gate, TimeProvider clock)
    {
        _db = db;
        _gate = gate;
        _clock = clock;
    }

    /// <summary>The user whose credentials these are. Every failure reads and takes the same, known account or not.</summary>
    public async Task<Outcome<UserEntry>> SignInAsync(string email, string password, CancellationToken ct)
    {
        var normalized = UserNames.Normalize(email);
        var user = await _db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, ct);
        var verdict = await _gate.VerifyAsync(user, password, ct);
        if (verdict is null)
        {
            return new Failure(ErrorCodes.TooManyAttempts, "Too many people are signing in at this moment. Try again in a few seconds.");
        }

        if (verdict is false || user is null)
        {
            return new Failure(ErrorCodes.InvalidCredentials, "The e-mail address or the password is not right.");
        }

        var now = _clock.GetUtcNow();
        await _db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.LastLoginAt, now), ct);
        return new UserEntry(user.Id, user.WorkspaceId, user.Email!, user.DisplayName, user.Role, user.IsActive, user.SessionEpoch, user.MustChangePassword, user.TwoFactorEnabled);
    }
}
