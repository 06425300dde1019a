using System.Collections.Frozen;
using System.Security.Cryptography;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Encryption;

/// <summary>An unwrapped data key. Its bytes stay in this process.</summary>
internal sealed record UnwrappedKey(Guid Id, string Purpose, int Version, byte[] Bytes);

/// <summary>All data keys of the database, unwrapped, in memory. Reloaded when the table changes.</summary>
internal sealed class KeyRing(IDbContextFactory<AistraleDbContext> contexts, IKeyWrapper wrapper, TimeProvider clock) : ISnapshotSource
{
    private static readonly byte[] CanaryText = "aistrale canary"u8.ToArray();
    private volatile Snapshot _keys = Snapshot.Empty;

    public string Topic => Topics.DataKeys;

    public UnwrappedKey Active(string purpose) =>
        FindActive(purpose) ?? throw new InvalidOperationException($"There is no active data key for {purpose}: run the migrations.");

    /// <summary>Null until the keys were loaded.</summary>
    public UnwrappedKey? FindActive(string purpose) => _keys.Active.GetValueOrDefault(purpose);

    public UnwrappedKey? Find(Guid id) => _keys.ById.GetValueOrDefault(id);

    public IEnumerable<UnwrappedKey> All(string purpose) => _keys.ById.Values.Where(key => key.Purpose == purpose);

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await VerifyCanaryAsync(db, ct);
        Use(await db.DataKeys.AsNoTracking().Where(key => key.State != DataKeyStates.Destroyed).ToListAsync(ct));
    }

    /// <summary>Unwraps the rows and swaps them in whole.</summary>
    internal void Use(List<DataKey> rows)
    {
        var keys = rows.ConvertAll(row => (Key: Unwrap(row), row.State));
        _keys = new Snapshot(
            keys.ToFrozenDictionary(k => k.Key.Id, k => k.Key),
            keys.Where(k => k.State == DataKeyStates.Active).ToFrozenDictionary(k => k.Key.Purpose, k => k.Key));
    }

    /// <summary>Makes what is missing on a new database: the canary and one active key per purpose. Only the migration step calls it.</summary>
    public async Task ProvisionAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (!await db.KeyEncryptionKeys.AnyAsync(ct))
        {
            db.Add(new KeyEncryptionKeyCanary { Id = wrapper.KeyId, Canary = wrapper.Wrap(CanaryText, CanaryContext(wrapper.KeyId)), CreatedAt = clock.GetUtcNow() });
            await db.SaveChangesAsync(ct);
        }

        await VerifyCanaryAsync(db, ct);
        var active = await db.DataKeys.Where(key => key.State == DataKeyStates.Active).Select(key => key.Purpose).ToListAsync(ct);
        foreach (var purpose in DataKeyPurposes.All.Except(active))
        {
            db.Add(NewKey(purpose, version: 1));
        }

        await db.SaveChangesAsync(ct);
        await LoadAsync(ct);
    }

    private DataKey NewKey(string purpose, int version)
    {
        var now = clock.GetUtcNow();
        return new DataKey
        {
            Id = Guid.CreateVersion7(now),
            Purpose = purpose,
            Version = version,
            State = DataKeyStates.Active,
            Wrapped = wrapper.Wrap(RandomNumberGenerator.GetBytes(32), Context(purpose, version)),
            KeyEncryptionKeyId = wrapper.KeyId,
            CreatedAt = now,
        };
    }

    private async Task VerifyCanaryAsync(AistraleDbContext db, CancellationToken ct)
    {
        var canary = await db.KeyEncryptionKeys.AsNoTracking().SingleOrDefaultAsync(c => c.Id == wrapper.KeyId, ct)
            ?? throw WrongKey();
        try
        {
            wrapper.Unwrap(canary.Canary, CanaryContext(wrapper.KeyId));
        }
        catch (CryptographicException)
        {
            throw WrongKey();
        }
    }

    private UnwrappedKey Unwrap(DataKey row)
    {
        try
        {
            return new UnwrappedKey(row.Id, row.Purpose, row.Version, wrapper.Unwrap(row.Wrapped, Context(row.Purpose, row.Version)));
        }
        catch (CryptographicException)
        {
            throw new InvalidKeyEncryptionKeyException($"The data key {row.Purpose} v{row.Version} cannot be unwrapped with the configured key-encryption key.");
        }
    }

    private static InvalidKeyEncryptionKeyException WrongKey() =>
        new("The key-encryption key is not the one that this database was written with. Configure the right one (Encryption__KeyFile); nothing was changed.");

    private static byte[] Context(string purpose, int version) =>
        Envelope.AdditionalData("data_keys", purpose, version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static byte[] CanaryContext(string keyId) => Envelope.AdditionalData("key_encryption_keys", keyId);

    private sealed record Snapshot(FrozenDictionary<Guid, UnwrappedKey> ById, FrozenDictionary<string, UnwrappedKey> Active)
    {
        public static readonly Snapshot Empty = new(FrozenDictionary<Guid, UnwrappedKey>.Empty, FrozenDictionary<string, UnwrappedKey>.Empty);
    }
}
