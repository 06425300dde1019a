using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Auth;

/// <summary>The one row that decides who becomes the first admin: whoever sets <see cref="ClaimedAt"/> first.</summary>
internal sealed class SetupClaim
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>SHA-256 of the one-time code; null when the first admin comes from the environment only.</summary>
    public byte[]? CodeHash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? ClaimedAt { get; set; }
}

internal sealed class SetupClaimConfiguration : IEntityTypeConfiguration<SetupClaim>
{
    public void Configure(EntityTypeBuilder<SetupClaim> claim)
    {
        claim.ToTable("setup_claims", table => table.HasCheckConstraint("ck_setup_claims_one_row", "id = 1"));
        claim.Property(c => c.Id).ValueGeneratedNever();
    }
}
