using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.SecurityAudit;

/// <summary>
/// A link of the audit chain. The database's function <c>append_security_audit</c> alone writes it: number, time, the hash before and
/// the hash are its work. Nobody may change or remove one.
/// </summary>
internal sealed class SecurityAuditEntry
{
    public long Seq { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
    public Guid? WorkspaceId { get; init; }
    public required string ActorKind { get; init; }
    public Guid? ActorId { get; init; }
    public required string Type { get; init; }
    public string? TargetKind { get; init; }
    public string? TargetId { get; init; }
    public required string Outcome { get; init; }
    public string? Address { get; init; }
    public string? RequestId { get; init; }

    /// <summary>JSON as it was written; text, because a database may reformat <c>jsonb</c> and the hash covers these bytes.</summary>
    public string? Details { get; init; }

    public required byte[] PreviousHash { get; init; }
    public required byte[] Hash { get; init; }
}

/// <summary>The newest link, and the last one that retention removed: where the chain ends and where it begins.</summary>
internal sealed class SecurityAuditHead
{
    public int Id { get; init; }
    public long Seq { get; init; }
    public required byte[] Hash { get; init; }
    public long BaseSeq { get; init; }
    public required byte[] BaseHash { get; init; }
}

internal sealed class SecurityAuditEntryConfiguration : IEntityTypeConfiguration<SecurityAuditEntry>
{
    public void Configure(EntityTypeBuilder<SecurityAuditEntry> entry)
    {
        // Partitioned by month, so its key holds the time; the one writer makes the numbers unique.
        entry.ToTable("security_audit");
        entry.HasKey(e => new { e.OccurredAt, e.Seq });
        entry.Property(e => e.Seq).ValueGeneratedNever();
        entry.Property(e => e.OccurredAt).ValueGeneratedNever();
    }
}

internal sealed class SecurityAuditHeadConfiguration : IEntityTypeConfiguration<SecurityAuditHead>
{
    public void Configure(EntityTypeBuilder<SecurityAuditHead> head)
    {
        head.ToTable("security_audit_head", table => table.HasCheckConstraint("ck_security_audit_head_one_row", "id = 1"));
        head.Property(h => h.Id).ValueGeneratedNever();
        head.HasData(new SecurityAuditHead { Id = 1, Seq = 0, Hash = new byte[32], BaseSeq = 0, BaseHash = new byte[32] });
    }
}
