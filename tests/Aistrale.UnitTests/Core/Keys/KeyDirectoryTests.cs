using Aistrale.Core.Keys;
using Aistrale.UnitTests.Core.Data;
using Aistrale.UnitTests.Core.Encryption;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace Aistrale.UnitTests.Core.Keys;

public sealed class KeyDirectoryTests
{
    private readonly FakeTimeProvider _clock = new(Calls.Now);
    private readonly FakeDatabase _database = new();
    private readonly KeyDirectory _directory;

    public KeyDirectoryTests() => _directory = new KeyDirectory(_database, KeyRings.WithKeys(), _clock);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_known_key_is_found_without_the_database()
    {
        var key = Add(scopes: ["inference"], models: ["GPT-4o"]);

        var (result, entry) = await _directory.FindAsync(key, Ct);

        Assert.Equal(KeyLookup.Found, result);
        Assert.Equal((Calls.KeyId, Calls.WorkspaceId, Calls.UserId), (entry!.Id, entry.WorkspaceId, entry.OwnerId));
        Assert.Equal("GPT-4o", entry.Models!.TryGetValue("gpt-4o", out var listed) ? listed : null);
        Assert.Null(entry.Providers);
        Assert.Equal(0, _database.Asked);
    }

    [Fact]
    public async Task A_revoked_key_is_found_too_so_that_the_caller_can_be_told()
    {
        var key = Add(revokedAt: Calls.Now);

        Assert.Equal(Calls.Now, (await _directory.FindAsync(key, Ct)).Entry!.RevokedAt);
    }

    [Fact]
    public async Task A_key_with_a_wrong_checksum_is_refused_without_any_look_up()
    {
        var key = KeyFormat.Generate();

        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync(key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), Ct)).Result);
        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync("sk-something", Ct)).Result);
        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync("", Ct)).Result);
        Assert.Equal(0, _database.Asked);
    }

    [Fact]
    public async Task A_made_up_key_is_looked_up_once_in_five_seconds()
    {
        var key = KeyFormat.Generate();

        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync(key, Ct)).Result);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync(key, Ct)).Result);
        Assert.Equal(1, _database.Asked);

        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync(key, Ct)).Result);
        Assert.Equal(2, _database.Asked);
    }

    [Fact]
    public async Task A_key_that_was_unknown_is_found_as_soon_as_it_is_loaded()
    {
        var key = KeyFormat.Generate();
        await _directory.FindAsync(key, Ct);

        Load(key);

        Assert.Equal(KeyLookup.Found, (await _directory.FindAsync(key, Ct)).Result);
    }

    [Fact]
    public async Task Fifty_callers_with_the_same_unknown_key_share_one_look_up()
    {
        var key = KeyFormat.Generate();
        _database.Hold();

        var lookups = Enumerable.Range(0, 50).Select(_ => _directory.FindAsync(key, Ct).AsTask()).ToArray();
        Assert.DoesNotContain(lookups, lookup => lookup.IsCompleted);
        _database.LetGo();

        Assert.All(await Task.WhenAll(lookups), found => Assert.Equal(KeyLookup.Unknown, found.Result));
        Assert.Equal(1, _database.Asked);
    }

    [Fact]
    public async Task A_caller_who_leaves_waits_no_longer_and_the_look_up_goes_on_for_the_others()
    {
        var key = KeyFormat.Generate();
        _database.Hold();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var leaving = _directory.FindAsync(key, gone.Token).AsTask();
        var staying = _directory.FindAsync(key, Ct).AsTask();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var late = _directory.FindAsync(key, Ct).AsTask();
        _database.LetGo();

        Assert.Equal(KeyLookup.Unknown, (await staying).Result);
        Assert.Equal(KeyLookup.Unknown, (await late).Result);
        Assert.Equal(1, _database.Asked);
    }

    [Fact]
    public async Task While_the_database_is_down_nobody_says_that_a_well_formed_key_is_wrong()
    {
        var key = KeyFormat.Generate();
        _database.Failure = new NpgsqlException("down");

        Assert.Equal(KeyLookup.Undecided, (await _directory.FindAsync(key, Ct)).Result);
        _database.Failure = null;
        Assert.Equal(KeyLookup.Unknown, (await _directory.FindAsync(key, Ct)).Result);
    }

    [Fact]
    public async Task Before_anything_was_loaded_nobody_says_that_a_well_formed_key_is_wrong()
    {
        var directory = new KeyDirectory(_database, KeyRings.Empty(), _clock);

        Assert.Equal(KeyLookup.Undecided, (await directory.FindAsync(KeyFormat.Generate(), Ct)).Result);
    }

    private string Add(string[]? scopes = null, string[]? models = null, DateTimeOffset? revokedAt = null)
    {
        var key = KeyFormat.Generate();
        Load(key, scopes, models, revokedAt);
        return key;
    }

    private void Load(string key, string[]? scopes = null, string[]? models = null, DateTimeOffset? revokedAt = null)
    {
        var (hash, pepperId) = _directory.Hash(key);
        _directory.Use([new VirtualKey
        {
            Id = Calls.KeyId,
            WorkspaceId = Calls.WorkspaceId,
            OwnerId = Calls.UserId,
            Name = "test",
            Hash = hash,
            PepperId = pepperId,
            Hint = key[^4..],
            Scopes = scopes ?? [],
            Models = models,
            RevokedAt = revokedAt,
        }]);
    }
}
