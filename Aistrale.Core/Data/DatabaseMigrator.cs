using Aistrale.Core.Encryption;
using Aistrale.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Aistrale.Core.Data;

/// <summary>Brings a database to this version: schema, roles, data keys, sandbox tokens. Safe to run again, and by two at once.</summary>
public sealed class DatabaseMigrator
{
    private const long LockKey = 0x41495354_52414c45;

    private readonly IDbContextFactory<AistraleDbContext> _contexts;
    private readonly NpgsqlDataSource _database;
    private readonly DatabaseRoles _roles;
    private readonly KeyRing _ring;
    private readonly SandboxTokens _sandbox;

    internal DatabaseMigrator(IDbContextFactory<AistraleDbContext> contexts, NpgsqlDataSource database, DatabaseRoles roles, KeyRing ring, SandboxTokens sandbox)
    {
        _contexts = contexts;
        _database = database;
        _roles = roles;
        _ring = ring;
        _sandbox = sandbox;
    }

    /// <param name="provisionJobs">Makes the job store's tables (schema <c>quartz</c>) on the given connection; runs after the migrations and before the grants.</param>
    /// <exception cref="InvalidKeyEncryptionKeyException">The key-encryption key is not this database's; the schema is unchanged.</exception>
    public async Task RunAsync(Func<NpgsqlConnection, CancellationToken, Task> provisionJobs, CancellationToken ct)
    {
        // Held by a transaction of its own, so that a pooler in between cannot lose it.
        await using var holder = await _database.OpenConnectionAsync(ct);
        await using var held = await holder.BeginTransactionAsync(ct);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", holder) { Parameters = { new() { Value = LockKey } } })
        {
            await take.ExecuteNonQueryAsync(ct);
        }

        await using var db = await _contexts.CreateDbContextAsync(ct);
        if ((await db.Database.GetAppliedMigrationsAsync(ct)).Any())
        {
            await _ring.ProvisionAsync(ct);
        }

        await db.Database.MigrateAsync(ct);
        await using (var connection = await _database.OpenConnectionAsync(ct))
        {
            await provisionJobs(connection, ct);
        }

        await _roles.EnsureAsync(ct);
        await _ring.ProvisionAsync(ct);
        await _sandbox.EnsureAsync(db, ct);
        await held.CommitAsync(ct);
    }

    /// <summary>Checks the key-encryption key against this database and loads the data keys. Changes nothing.</summary>
    /// <exception cref="InvalidKeyEncryptionKeyException">The key-encryption key is not this database's.</exception>
    public Task VerifyKeyAsync(CancellationToken ct) => _ring.LoadAsync(ct);

    /// <summary>How many migrations this database lacks.</summary>
    public async Task<int> CountPendingAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return (await db.Database.GetPendingMigrationsAsync(ct)).Count();
    }
}
