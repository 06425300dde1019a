using Aistrale.Core.Workspaces;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Users;

/// <summary>A person who signs in. ASP.NET Core Identity's stores hold it; its password hash never leaves Core.</summary>
public sealed class User : IdentityUser<Guid>
{
    public required Guid WorkspaceId { get; init; }
    public required string DisplayName { get; set; }

    /// <summary>One of <see cref="Contracts.Roles"/>.</summary>
    public required string Role { get; set; }

    public bool IsActive { get; set; } = true;

    /// <summary>Sessions remember the epoch they began in; raising it ends them all.</summary>
    public int SessionEpoch { get; set; }

    public bool MustChangePassword { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastLoginAt { get; set; }
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users", table => table.HasCheckConstraint("ck_users_role", "role IN ('admin', 'user', 'auditor')"));
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.DisplayName).HasMaxLength(100);
        user.Property(u => u.Role).HasMaxLength(16);
        user.HasIndex(u => u.NormalizedEmail).IsUnique().HasDatabaseName("ux_users_normalized_email");
        user.HasIndex(u => u.NormalizedUserName).IsUnique().HasDatabaseName("ux_users_normalized_user_name");
        user.HasOne<Workspace>().WithMany().HasForeignKey(u => u.WorkspaceId).OnDelete(DeleteBehavior.Restrict);
    }
}
