using Aistrale.Core.Encryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Users;

/// <summary>A user's authenticator seed, encrypted. It counts only from the moment the user proved to have it.</summary>
internal sealed class UserTotp
{
    public required Guid UserId { get; init; }

    /// <summary>AES-256-GCM, bound to this row and <see cref="CellVersion"/>.</summary>
    public required byte[] Cell { get; set; }

    public int CellVersion { get; set; }
    public required Guid DataKeyId { get; set; }
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The newest 30-second step whose code was taken: no code is taken twice.</summary>
    public long LastStep { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One of the codes that stand in for a lost authenticator, once.</summary>
internal sealed class RecoveryCode
{
    public Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the code, which is random enough to need no slow hash.</summary>
    public required byte[] Hash { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class UserTotpConfiguration : IEntityTypeConfiguration<UserTotp>
{
    public void Configure(EntityTypeBuilder<UserTotp> totp)
    {
        totp.ToTable("user_totp");
        totp.HasKey(t => t.UserId);
        totp.Property(t => t.UserId).ValueGeneratedNever();
        totp.HasOne<User>().WithOne().HasForeignKey<UserTotp>(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        totp.HasOne<DataKey>().WithMany().HasForeignKey(t => t.DataKeyId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes", table => table.HasCheckConstraint("ck_recovery_codes_hash", "octet_length(hash) = 32"));
        code.Property(c => c.Id).ValueGeneratedNever();
        code.HasIndex(c => new { c.UserId, c.Hash }).IsUnique();
        code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
