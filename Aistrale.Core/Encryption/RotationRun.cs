using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Encryption;

internal static class RotationKinds
{
    /// <summary>New data keys; every encrypted row is sealed anew.</summary>
    public const string DataKeys = "data_keys";

    /// <summary>The data keys are wrapped anew; no row is touched.</summary>
    public const string KeyEncryptionKey = "key_encryption_key";
}

internal static class RotationStates
{
    public const string Running = "running";
    public const string Completed = "completed";

    /// <summary>Finished, but some rows could not be read; they are listed and keep their old data key.</summary>
    public const string Incomplete = "incomplete";
}

/// <summary>One rotation. At most one is open; any number of workers may help with it, and any of them may be killed.</summary>
internal sealed class RotationRun
{
    public Guid Id { get; init; }

    /// <summary>One of <see cref="RotationKinds"/>.</summary>
    public required string Kind { get; init; }

    public required string Reason { get; init; }

    /// <summary>Null = the schedule or an operator's command.</summary>
    public Guid? RequestedBy { get; init; }

    /// <summary>One of <see cref="RotationStates"/>.</summary>
    public required string State { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker took it up and made the new keys.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
    public long Succeeded { get; set; }
    public long Failed { get; set; }
}

/// <summary>A row that this run could not read.</summary>
internal sealed class RotationFailure
{
    public required Guid RunId { get; init; }
    public required string TableName { get; init; }
    public required Guid RowId { get; init; }

    /// <summary>A class of reasons, never contents.</summary>
    public required string Reason { get; init; }

    public DateTimeOffset FailedAt { get; init; }
}

internal sealed class RotationRunConfiguration : IEntityTypeConfiguration<RotationRun>
{
    public const string OneOpenIndex = "ux_rotation_runs_open";

    public void Configure(EntityTypeBuilder<RotationRun> run)
    {
        run.ToTable("rotation_runs", table =>
        {
            table.HasCheckConstraint("ck_rotation_runs_state", "state IN ('running', 'completed', 'incomplete')");
            table.HasCheckConstraint("ck_rotation_runs_kind", "kind IN ('data_keys', 'key_encryption_key')");
        });
        run.Property(r => r.Id).ValueGeneratedNever();
        run.Property(r => r.Kind).HasMaxLength(32);
        run.Property(r => r.Reason).HasMaxLength(500);
        run.Property(r => r.State).HasMaxLength(16);
        run.HasIndex(r => r.State).IsUnique().HasFilter("state = 'running'").HasDatabaseName(OneOpenIndex);
    }
}

internal sealed class RotationFailureConfiguration : IEntityTypeConfiguration<RotationFailure>
{
    public void Configure(EntityTypeBuilder<RotationFailure> failure)
    {
        failure.ToTable("rotation_failures");
        failure.HasKey(f => new { f.RunId, f.TableName, f.RowId });
        failure.Property(f => f.TableName).HasMaxLength(64);
        failure.Property(f => f.Reason).HasMaxLength(64);
        failure.HasOne<RotationRun>().WithMany().HasForeignKey(f => f.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
