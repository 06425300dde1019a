using System.Collections.Frozen;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Users;

/// <summary>What rights are decided on, per user; kept in memory.</summary>
public sealed record UserEntry(Guid Id, Guid WorkspaceId, string Email, string DisplayName, string Role, bool IsActive, int SessionEpoch, bool MustChangePassword, bool TotpEnabled);

/// <summary>All users, in memory: a session or key is judged by its owner's rights now, not by those it was made with.</summary>
public sealed class UserDirectory : ISnapshotSource
{
    private readonly IDbContextFactory<AistraleDbContext> _contexts;
    private volatile FrozenDictionary<Guid, UserEntry>? _users;

    internal UserDirectory(IDbContextFactory<AistraleDbContext> contexts) => _contexts = contexts;

    string ISnapshotSource.Topic => Topics.Users;

    /// <summary>False until the first load: then nobody can say that a user does not exist.</summary>
    public bool IsLoaded => _users is not null;

    /// <summary>The user if it exists and is active.</summary>
    public UserEntry? FindActive(Guid id) => Find(id) is { IsActive: true } user ? user : null;

    internal UserEntry? Find(Guid id) => _users?.GetValueOrDefault(id);

    async Task ISnapshotSource.LoadAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var users = await db.Users.AsNoTracking()
            .Select(u => new UserEntry(u.Id, u.WorkspaceId, u.Email!, u.DisplayName, u.Role, u.IsActive, u.SessionEpoch, u.MustChangePassword, u.TwoFactorEnabled))
            .ToListAsync(ct);
        Use(users);
    }

    /// <summary>Swaps in what is to be known from now on.</summary>
    internal void Use(IEnumerable<UserEntry> users) => _users = users.ToFrozenDictionary(user => user.Id);
}
