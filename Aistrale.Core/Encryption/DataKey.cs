using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Encryption;

/// <summary>What a data key protects. One key is active per purpose; older ones only decrypt.</summary>
public static class DataKeyPurposes
{
    public const string ProviderToken = "provider_token";

    /// <summary>The HMAC key under which virtual keys are stored.</summary>
    public const string KeyPepper = "key_pepper";

    /// <summary>Seeds of authenticators.</summary>
    public const string Totp = "totp";

    /// <summary>What Redis holds about a session.</summary>
    public const string Session = "session";

    /// <summary>The HMAC key for what the security audit may compare but not tell, such as an unknown e-mail address.</summary>
    public const string AuditSalt = "audit_salt";

    public static readonly IReadOnlyList<string> All = [ProviderToken, KeyPepper, Totp, Session, AuditSalt];
}

internal static class DataKeyStates
{
    public const string Active = "active";

    /// <summary>Rows still name it; new ones do not.</summary>
    public const string DecryptOnly = "decrypt_only";

    /// <summary>No row names it and none may. It is kept for backups that are older than the rotation.</summary>
    public const string Retired = "retired";

    /// <summary>Its wrapped bytes are gone.</summary>
    public const string Destroyed = "destroyed";
}

/// <summary>A 32-byte data key, wrapped. Rows that are encrypted with it name it by foreign key, so it cannot go while one is left.</summary>
internal sealed class DataKey
{
    public Guid Id { get; init; }
    public required string Purpose { get; init; }
    public int Version { get; init; }
    public required string State { get; set; }
    public required byte[] Wrapped { get; set; }
    public required string KeyEncryptionKeyId { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RetiredAt { get; set; }
    public DateTimeOffset? DestroyedAt { get; set; }
}

/// <summary>Proof that a key-encryption key is the right one: a known text sealed under it. Holds no key.</summary>
internal sealed class KeyEncryptionKeyCanary
{
    public required string Id { get; init; }
    public required byte[] Canary { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class DataKeyConfiguration : IEntityTypeConfiguration<DataKey>
{
    public void Configure(EntityTypeBuilder<DataKey> key)
    {
        key.ToTable("data_keys", table => table.HasCheckConstraint("ck_data_keys_state", "state IN ('active', 'decrypt_only', 'retired', 'destroyed')"));
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Purpose).HasMaxLength(64);
        key.Property(k => k.State).HasMaxLength(16);
        key.Property(k => k.KeyEncryptionKeyId).HasMaxLength(64);
        key.HasIndex(k => new { k.Purpose, k.Version }).IsUnique();
        key.HasIndex(k => k.Purpose).IsUnique().HasFilter("state = 'active'").HasDatabaseName("ux_data_keys_active");
        key.HasOne<KeyEncryptionKeyCanary>().WithMany().HasForeignKey(k => k.KeyEncryptionKeyId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class KeyEncryptionKeyCanaryConfiguration : IEntityTypeConfiguration<KeyEncryptionKeyCanary>
{
    public void Configure(EntityTypeBuilder<KeyEncryptionKeyCanary> canary)
    {
        canary.ToTable("key_encryption_keys");
        canary.Property(c => c.Id).HasMaxLength(64);
    }
}
