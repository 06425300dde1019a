using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Tokens;

/// <summary>That a token was used by this caller at this destination: the first time is an entry of the security audit.</summary>
internal sealed class ProviderTokenUse
{
    public required Guid TokenId { get; init; }

    /// <summary>The Aistrale key's id, or the user's for calls from the console.</summary>
    public required Guid CallerId { get; init; }

    /// <summary><c>scheme://host:port</c>, lower case.</summary>
    public required string Origin { get; init; }

    public DateTimeOffset FirstUsedAt { get; init; }
}

internal sealed class ProviderTokenUseConfiguration : IEntityTypeConfiguration<ProviderTokenUse>
{
    public void Configure(EntityTypeBuilder<ProviderTokenUse> use)
    {
        use.ToTable("provider_token_uses");
        use.HasKey(u => new { u.TokenId, u.CallerId, u.Origin });
        use.Property(u => u.Origin).HasMaxLength(300);
        use.HasOne<ProviderToken>().WithMany().HasForeignKey(u => u.TokenId).OnDelete(DeleteBehavior.Cascade);
    }
}
