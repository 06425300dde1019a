using Aistrale.Core.Auth;
using Aistrale.Core.Encryption;
using Aistrale.Core.Keys;
using Aistrale.Core.SecurityAudit;
using Aistrale.Core.Telemetry;
using Aistrale.Core.Tokens;
using Aistrale.Core.Users;
using Aistrale.Core.Workspaces;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Aistrale.Core.Data;

/// <summary>The model. Saving announces changed tables on the <see cref="ChangeBus"/>, so no service can forget to.</summary>
public sealed class AistraleDbContext(DbContextOptions<AistraleDbContext> options, ChangeBus? changes = null)
    : IdentityUserContext<User, Guid>(options)
{
    private readonly HashSet<string> _unannounced = [];
    private readonly List<SecurityEvent> _unaudited = [];

    internal DbSet<Workspace> Workspaces => Set<Workspace>();
    internal DbSet<ProviderToken> ProviderTokens => Set<ProviderToken>();
    internal DbSet<VirtualKey> VirtualKeys => Set<VirtualKey>();
    internal DbSet<DataKey> DataKeys => Set<DataKey>();
    internal DbSet<KeyEncryptionKeyCanary> KeyEncryptionKeys => Set<KeyEncryptionKeyCanary>();
    internal DbSet<ChangeStamp> ChangeStamps => Set<ChangeStamp>();
    internal DbSet<SetupClaim> SetupClaims => Set<SetupClaim>();
    internal DbSet<UsageEvent> UsageEvents => Set<UsageEvent>();
    internal DbSet<UsageRollup> UsageRollups => Set<UsageRollup>();
    internal DbSet<UserTotp> UserTotps => Set<UserTotp>();
    internal DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    internal DbSet<UserLink> UserLinks => Set<UserLink>();
    internal DbSet<ProviderTokenUse> ProviderTokenUses => Set<ProviderTokenUse>();
    internal DbSet<RotationRun> RotationRuns => Set<RotationRun>();
    internal DbSet<RotationFailure> RotationFailures => Set<RotationFailure>();
    internal DbSet<SecurityAuditEntry> SecurityAudit => Set<SecurityAuditEntry>();
    internal DbSet<SecurityAuditHead> SecurityAuditHeads => Set<SecurityAuditHead>();

    /// <summary>
    /// Writes the event down together with the next change: <see cref="SaveChangesAsync(bool, CancellationToken)"/> and
    /// <see cref="InTransactionAsync"/> commit both or neither. The chain's lock is taken last, so it is held for a moment only.
    /// </summary>
    internal void Audit(SecurityEvent happened) => _unaudited.Add(happened);

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (_unaudited.Count > 0 && Database.CurrentTransaction is null)
        {
            return await InTransactionAsync(() => SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken), cancellationToken);
        }

        ChangeTracker.DetectChanges();
        _unannounced.UnionWith(ChangeTracker.Entries()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Select(Topic)
            .OfType<string>());
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (Database.CurrentTransaction is null)
        {
            await AnnounceAsync();
        }

        return written;
    }

    /// <summary>Runs <paramref name="work"/> in one transaction and announces what it changed once that is committed.</summary>
    internal async Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        try
        {
            await using var transaction = await Database.BeginTransactionAsync(ct);
            var result = await work();
            foreach (var happened in _unaudited)
            {
                await AuditWriter.AppendAsync(this, happened, ct);
            }

            await transaction.CommitAsync(ct);
            await AnnounceAsync();
            return result;
        }
        finally
        {
            // What did not happen must not be written down with the next change.
            _unaudited.Clear();
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AistraleDbContext).Assembly);

        // Identity names its tables itself; these follow the house.
        builder.Entity<Microsoft.AspNetCore.Identity.IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<Microsoft.AspNetCore.Identity.IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<Microsoft.AspNetCore.Identity.IdentityUserToken<Guid>>().ToTable("user_tokens");
    }

    private static string? Topic(EntityEntry entry) =>
        entry.Metadata.GetTableName() is { } table && Topics.All.Contains(table) ? table : null;

    private async Task AnnounceAsync()
    {
        if (_unannounced.Count == 0)
        {
            return;
        }

        string[] topics = [.. _unannounced];
        _unannounced.Clear();
        if (changes is not null)
        {
            await changes.RaiseAsync(topics);
        }
    }
}
