using Aistrale.Core.Users;
using Aistrale.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Keys;

/// <summary>An Aistrale key for programs. Only its HMAC is stored.</summary>
internal sealed class VirtualKey
{
    public Guid Id { get; init; }
    public required Guid WorkspaceId { get; init; }
    public required Guid OwnerId { get; init; }
    public required string Name { get; set; }

    /// <summary>HMAC-SHA-256 of the key under the pepper <see cref="PepperId"/>.</summary>
    public required byte[] Hash { get; set; }

    public required Guid PepperId { get; set; }
    public required string Hint { get; set; }
    public required string[] Scopes { get; set; }

    /// <summary>Null = every model.</summary>
    public string[]? Models { get; set; }

    /// <summary>Null = every provider.</summary>
    public string[]? Providers { get; set; }

    /// <summary>Networks from which the key may be used, in CIDR form; null = from everywhere.</summary>
    public string[]? Cidrs { get; set; }

    /// <summary>The key's text before its last rotation: it opens the same key until <see cref="PreviousExpiresAt"/>.</summary>
    public byte[]? PreviousHash { get; set; }

    public Guid? PreviousPepperId { get; set; }
    public DateTimeOffset? PreviousExpiresAt { get; set; }

    /// <summary>Counts the changes that people make, for <c>ETag</c>; noting a last use is none.</summary>
    public int Version { get; set; } = 1;

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public uint RowVersion { get; init; }
}

internal sealed class VirtualKeyConfiguration : IEntityTypeConfiguration<VirtualKey>
{
    public void Configure(EntityTypeBuilder<VirtualKey> key)
    {
        key.ToTable("virtual_keys", table => table.HasCheckConstraint("ck_virtual_keys_hash", "octet_length(hash) = 32"));
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Name).HasMaxLength(100);
        key.Property(k => k.Hint).HasMaxLength(4);
        key.Property(k => k.RowVersion).IsRowVersion();
        key.HasIndex(k => k.Hash).IsUnique();
        key.HasIndex(k => k.PreviousHash).IsUnique();
        key.HasIndex(k => new { k.WorkspaceId, k.OwnerId });
        key.HasOne<Workspace>().WithMany().HasForeignKey(k => k.WorkspaceId).OnDelete(DeleteBehavior.Restrict);
        key.HasOne<User>().WithMany().HasForeignKey(k => k.OwnerId).OnDelete(DeleteBehavior.Restrict);
        key.HasOne<Encryption.DataKey>().WithMany().HasForeignKey(k => k.PepperId).OnDelete(DeleteBehavior.Restrict);
        key.HasOne<Encryption.DataKey>().WithMany().HasForeignKey(k => k.PreviousPepperId).OnDelete(DeleteBehavior.Restrict);
    }
}
