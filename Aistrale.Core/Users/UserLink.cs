using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Users;

internal static class UserLinkKinds
{
    public const string Invitation = "invitation";
    public const string Reset = "reset";
}

/// <summary>A one-time link with which a user sets a password. Only the hash of its code is stored.</summary>
internal sealed class UserLink
{
    public Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>One of <see cref="UserLinkKinds"/>.</summary>
    public required string Kind { get; init; }

    public required byte[] CodeHash { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class UserLinkConfiguration : IEntityTypeConfiguration<UserLink>
{
    public void Configure(EntityTypeBuilder<UserLink> link)
    {
        link.ToTable("user_links", table => table.HasCheckConstraint("ck_user_links_kind", "kind IN ('invitation', 'reset')"));
        link.Property(l => l.Id).ValueGeneratedNever();
        link.Property(l => l.Kind).HasMaxLength(16);
        link.HasIndex(l => l.CodeHash).IsUnique();
        link.HasIndex(l => l.UserId);
        link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
