using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Keys;

/// <summary>A virtual key as the data plane sees it.</summary>
public sealed record KeyEntry(
    Guid Id,
    Guid WorkspaceId,
    Guid OwnerId,
    string Name,
    FrozenSet<string> Scopes,
    FrozenSet<string>? Models,
    FrozenSet<string>? Providers,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt);

/// <summary>What a look-up found.</summary>
public enum KeyLookup
{
    Found,
    Unknown,

    /// <summary>The key is not in memory, or nothing is yet, and the database does not answer: nobody can say that it is wrong.</summary>
    Undecided,
}

/// <summary>
/// All virtual keys by their HMAC, in memory. A key that another instance made a moment ago is looked up once in the database;
/// what is not there either is remembered for five seconds, so that made-up keys cost nothing.
/// </summary>
public sealed class KeyDirectory : ISnapshotSource
{
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan RememberUnknown = TimeSpan.FromSeconds(5);

    private readonly IDbContextFactory<AistraleDbContext> _contexts;
    private readonly KeyRing _ring;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Digest, DateTimeOffset> _unknown = new();
    private readonly ConcurrentDictionary<Digest, Lazy<Task<KeyEntry?>>> _lookingUp = new();
    private volatile FrozenDictionary<Digest, KeyEntry> _keys = FrozenDictionary<Digest, KeyEntry>.Empty;

    internal KeyDirectory(IDbContextFactory<AistraleDbContext> contexts, KeyRing ring, TimeProvider clock)
    {
        _contexts = contexts;
        _ring = ring;
        _clock = clock;
    }

    string ISnapshotSource.Topic => Topics.VirtualKeys;

    /// <summary>Finds the key. Revoked and expired ones are found too: the caller says what is wrong with them.</summary>
    public ValueTask<(KeyLookup Result, KeyEntry? Entry)> FindAsync(string key, CancellationToken ct)
    {
        if (!KeyFormat.IsWellFormed(key))
        {
            return ValueTask.FromResult<(KeyLookup, KeyEntry?)>((KeyLookup.Unknown, null));
        }

        var keys = _keys;
        foreach (var pepper in _ring.All(DataKeyPurposes.KeyPepper))
        {
            if (keys.TryGetValue(Digest.Of(key, pepper), out var entry))
            {
                return ValueTask.FromResult<(KeyLookup, KeyEntry?)>((KeyLookup.Found, entry));
            }
        }

        return _ring.FindActive(DataKeyPurposes.KeyPepper) is { } active
            ? FindInDatabaseAsync(Digest.Of(key, active), ct)
            : ValueTask.FromResult<(KeyLookup, KeyEntry?)>((KeyLookup.Undecided, null));
    }

    internal (byte[] Hash, Guid PepperId) Hash(string key)
    {
        var pepper = _ring.Active(DataKeyPurposes.KeyPepper);
        return (Digest.Of(key, pepper).ToArray(), pepper.Id);
    }

    async Task ISnapshotSource.LoadAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        Use(await db.VirtualKeys.AsNoTracking().ToListAsync(ct));
    }

    /// <summary>Swaps in what is to be known from now on.</summary>
    internal void Use(IEnumerable<VirtualKey> keys)
    {
        _keys = keys.ToFrozenDictionary(key => new Digest(key.Hash), ToEntry);
        _unknown.Clear();
    }

    private async ValueTask<(KeyLookup, KeyEntry?)> FindInDatabaseAsync(Digest digest, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        if (_unknown.TryGetValue(digest, out var until) && now < until)
        {
            return (KeyLookup.Unknown, null);
        }

        var lookup = _lookingUp.GetOrAdd(digest, d => new Lazy<Task<KeyEntry?>>(() => QueryAsync(d)));
        try
        {
            if (await lookup.Value.WaitAsync(ct) is { } entry)
            {
                return (KeyLookup.Found, entry);
            }
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return (KeyLookup.Undecided, null);
        }

        if (_unknown.Count >= MaxRemembered)
        {
            _unknown.Clear();
        }

        _unknown[digest] = now + RememberUnknown;
        return (KeyLookup.Unknown, null);
    }

    private async Task<KeyEntry?> QueryAsync(Digest digest)
    {
        try
        {
            // Not the request's token: others wait for the same answer.
            await using var db = await _contexts.CreateDbContextAsync(CancellationToken.None);
            var hash = digest.ToArray();
            var key = await db.VirtualKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash, CancellationToken.None);
            return key is null ? null : ToEntry(key);
        }
        finally
        {
            _lookingUp.TryRemove(digest, out _);
        }
    }

    private static KeyEntry ToEntry(VirtualKey key) => new(
        key.Id,
        key.WorkspaceId,
        key.OwnerId,
        key.Name,
        key.Scopes.ToFrozenSet(StringComparer.Ordinal),
        key.Models?.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        key.Providers?.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        key.ExpiresAt,
        key.RevokedAt);

    /// <summary>The whole 32-byte HMAC: a cache keyed by less could mistake one key for another.</summary>
    private readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
    {
        public Digest(ReadOnlySpan<byte> bytes)
            : this(MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]), MemoryMarshal.Read<ulong>(bytes[16..]), MemoryMarshal.Read<ulong>(bytes[24..]))
        {
        }

        public static Digest Of(string key, UnwrappedKey pepper)
        {
            Span<byte> text = stackalloc byte[128];
            Span<byte> hash = stackalloc byte[32];
            var written = Encoding.ASCII.GetBytes(key, text);
            HMACSHA256.HashData(pepper.Bytes, text[..written], hash);
            return new Digest(hash);
        }

        public byte[] ToArray()
        {
            ulong[] parts = [A, B, C, D];
            return MemoryMarshal.AsBytes(parts.AsSpan()).ToArray();
        }
    }
}
