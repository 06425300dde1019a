using Aistrale.Core.Encryption;
using Aistrale.Core.Users;
using Aistrale.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Tokens;

/// <summary>A credential for one provider at one destination. The secret is in <see cref="Cell"/>, readable only at the origin it was stored for.</summary>
internal sealed class ProviderToken
{
    public Guid Id { get; init; }
    public required Guid WorkspaceId { get; init; }
    public required Guid OwnerId { get; init; }
    public required string Provider { get; init; }
    public required string Label { get; set; }

    /// <summary>The secret's last four characters.</summary>
    public required string Hint { get; set; }

    /// <summary>What the provider's SDK takes, path included.</summary>
    public required string BaseUrl { get; set; }

    public bool IsDefault { get; set; }
    public required string Visibility { get; set; }

    /// <summary>AES-256-GCM, bound to this row, its owner, provider, destination origin and <see cref="CellVersion"/>.</summary>
    public required byte[] Cell { get; set; }

    /// <summary>Grows with each encryption, so that an old cell put back is refused.</summary>
    public int CellVersion { get; set; }

    public required Guid DataKeyId { get; set; }

    /// <summary>Counts the changes that people make, for <c>ETag</c>; rotating the data key or noting a last use is none.</summary>
    public int Version { get; set; } = 1;

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public uint RowVersion { get; init; }
}

internal sealed class ProviderTokenConfiguration : IEntityTypeConfiguration<ProviderToken>
{
    public const string DefaultIndex = "ux_provider_tokens_default";
    public const string LabelIndex = "ux_provider_tokens_label";

    public void Configure(EntityTypeBuilder<ProviderToken> token)
    {
        token.ToTable("provider_tokens", table => table.HasCheckConstraint("ck_provider_tokens_visibility", "visibility IN ('private', 'workspace')"));
        token.Property(t => t.Id).ValueGeneratedNever();
        token.Property(t => t.Provider).HasMaxLength(32);
        token.Property(t => t.Label).HasMaxLength(100);
        token.Property(t => t.Hint).HasMaxLength(4);
        token.Property(t => t.BaseUrl).HasMaxLength(2048);
        token.Property(t => t.Visibility).HasMaxLength(16);
        token.Property(t => t.RowVersion).IsRowVersion();

        // Two racing requests cannot both become the default; the service turns the violation into a 409.
        token.HasIndex(t => new { t.OwnerId, t.Provider }).IsUnique().HasFilter("is_default").HasDatabaseName(DefaultIndex);
        token.HasIndex(t => new { t.OwnerId, t.Provider, t.Label }).IsUnique().HasDatabaseName(LabelIndex);
        token.HasIndex(t => t.WorkspaceId);
        token.HasOne<Workspace>().WithMany().HasForeignKey(t => t.WorkspaceId).OnDelete(DeleteBehavior.Restrict);
        token.HasOne<User>().WithMany().HasForeignKey(t => t.OwnerId).OnDelete(DeleteBehavior.Restrict);
        token.HasOne<DataKey>().WithMany().HasForeignKey(t => t.DataKeyId).OnDelete(DeleteBehavior.Restrict);
    }
}
