using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Keys;

/// <summary>Aistrale keys: made once, shown once, revoked at once.</summary>
public sealed class KeyService
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);

    private readonly AistraleDbContext _db;
    private readonly KeyDirectory _directory;
    private readonly TimeProvider _clock;

    internal KeyService(AistraleDbContext db, KeyDirectory directory, TimeProvider clock)
    {
        _db = db;
        _directory = directory;
        _clock = clock;
    }

    public async Task<Outcome<CreatedKeyResponse>> CreateAsync(UserEntry owner, CreateKeyRequest request, CancellationToken ct)
    {
        if (Refuse(request, _clock.GetUtcNow()) is { } failure)
        {
            return failure;
        }

        var now = _clock.GetUtcNow();
        var text = KeyFormat.Generate();
        var (hash, pepperId) = _directory.Hash(text);
        var key = new VirtualKey
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = owner.WorkspaceId,
            OwnerId = owner.Id,
            Name = request.Name.Trim(),
            Hash = hash,
            PepperId = pepperId,
            Hint = text[^4..],
            Scopes = [.. (request.Scopes ?? [KeyScopes.Inference]).Distinct(StringComparer.Ordinal)],
            Models = request.Models?.ToArray(),
            Providers = request.Providers?.ToArray(),
            CreatedAt = now,
            ExpiresAt = request.ExpiresAt ?? now + DefaultLifetime,
        };
        _db.Add(key);
        await _db.SaveChangesAsync(ct);
        return new CreatedKeyResponse(ToResponse(key), text);
    }

    public async Task<Page<KeyResponse>> ListAsync(UserEntry user, CancellationToken ct)
    {
        var keys = await Mine(user).AsNoTracking().OrderByDescending(key => key.Id).ToListAsync(ct);
        return new Page<KeyResponse>(keys.ConvertAll(ToResponse), null);
    }

    public async Task<KeyResponse?> FindAsync(UserEntry user, Guid id, CancellationToken ct) =>
        await Mine(user).AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, ct) is { } key ? ToResponse(key) : null;

    /// <summary>Revokes; the row stays, because usage refers to it.</summary>
    public async Task<bool> RevokeAsync(UserEntry user, Guid id, CancellationToken ct)
    {
        while (await Mine(user).SingleOrDefaultAsync(key => key.Id == id, ct) is { } key)
        {
            key.RevokedAt ??= _clock.GetUtcNow();
            try
            {
                await _db.SaveChangesAsync(ct);
                return true;
            }
            catch (DbUpdateConcurrencyException)
            {
                // A busy key's last use is written in the background; that must not save the key.
                _db.ChangeTracker.Clear();
            }
        }

        return false;
    }

    private IQueryable<VirtualKey> Mine(UserEntry user)
    {
        var isAdmin = user.Role == Roles.Admin;
        return _db.VirtualKeys.Where(key => key.WorkspaceId == user.WorkspaceId && (isAdmin || key.OwnerId == user.Id));
    }

    private static Failure? Refuse(CreateKeyRequest request, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
        {
            return new Failure(ErrorCodes.ValidationFailed, "Give the key a name that tells which program uses it.", "name");
        }

        if (request.Scopes is { } scopes && (scopes.Count == 0 || scopes.Any(scope => !KeyScopes.All.Contains(scope))))
        {
            return new Failure(ErrorCodes.ValidationFailed, $"Scopes must be some of: {string.Join(", ", KeyScopes.All)}.", "scopes");
        }

        if (request.Providers is { } providers && (providers.Count == 0 || providers.Any(provider => !Contracts.Providers.All.Contains(provider))))
        {
            return new Failure(ErrorCodes.ValidationFailed, $"Providers must be some of: {string.Join(", ", Contracts.Providers.All)}. Leave the list out to allow all.", "providers");
        }

        if (request.Models is { } models && (models.Count is 0 or > 200 || models.Any(model => string.IsNullOrWhiteSpace(model) || model.Length > 300)))
        {
            return new Failure(ErrorCodes.ValidationFailed, "List between 1 and 200 model names, or leave the list out to allow all.", "models");
        }

        return request.ExpiresAt is { } expiry && (expiry <= now || expiry > now + LongestLifetime)
            ? new Failure(ErrorCodes.ValidationFailed, "A key must expire in the future and within a year.", "expiresAt")
            : null;
    }

    private KeyResponse ToResponse(VirtualKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Hint = key.Hint,
        Scopes = key.Scopes,
        Models = key.Models,
        Providers = key.Providers,
        OwnerId = key.OwnerId,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        LastUsedAt = key.LastUsedAt,
        Status = key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= _clock.GetUtcNow() ? "expired" : "active",
    };
}
