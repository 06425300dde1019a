using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Telemetry;

/// <summary>One call, settled. Append-only, partitioned by month of <see cref="StartedAt"/>; no foreign keys, because a record must never be refused.</summary>
internal sealed class UsageEvent
{
    public Guid Id { get; init; }

    /// <summary>Taken from the version-7 <see cref="Id"/>: a partitioned table needs its partition column in the key.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public Guid WorkspaceId { get; init; }
    public Guid? UserId { get; init; }
    public Guid? KeyId { get; init; }
    public Guid? PromptId { get; init; }
    public Guid? TokenId { get; init; }
    public required string Source { get; init; }
    public required string Dialect { get; init; }
    public required string RequestedModel { get; init; }
    public string? Provider { get; init; }
    public string? Model { get; init; }

    /// <summary>Who really answered behind a router such as Hugging Face's.</summary>
    public string? ServedBy { get; init; }

    public bool Stream { get; init; }
    public required string Status { get; init; }
    public required string UsageQuality { get; init; }
    public long? InputTokens { get; init; }
    public long? CachedInputTokens { get; init; }
    public long? CacheWriteTokens { get; init; }
    public long? OutputTokens { get; init; }
    public long? ReasoningTokens { get; init; }
    public decimal? CostUsd { get; init; }

    /// <summary>JSON: the price rows that made <see cref="CostUsd"/>.</summary>
    public required string PriceRows { get; init; }

    public string? CatalogueVersion { get; init; }
    public string? ServiceTier { get; init; }
    public double LatencyMs { get; init; }
    public double? TimeToFirstTokenMs { get; init; }
    public string? FinishReason { get; init; }
    public string? ErrorCode { get; init; }
    public int? UpstreamStatus { get; init; }
    public string? UpstreamResponseId { get; init; }

    /// <summary>JSON: what was tried, in order.</summary>
    public required string Attempts { get; init; }

    public string? TraceId { get; init; }

    /// <summary>When the row reached the database; the rollup finds late rows by it.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}

internal sealed class UsageEventConfiguration : IEntityTypeConfiguration<UsageEvent>
{
    public void Configure(EntityTypeBuilder<UsageEvent> usage)
    {
        usage.ToTable("usage_event", table =>
        {
            table.HasCheckConstraint("ck_usage_event_status", "status IN ('ok', 'error', 'client_cancelled', 'interrupted', 'refused')");
            table.HasCheckConstraint("ck_usage_event_quality", "usage_quality IN ('exact', 'estimated', 'none')");
        });
        usage.HasKey(u => new { u.StartedAt, u.Id });
        usage.Property(u => u.Id).ValueGeneratedNever();
        usage.Property(u => u.PriceRows).HasColumnType("jsonb");
        usage.Property(u => u.Attempts).HasColumnType("jsonb");
        usage.Property(u => u.CostUsd).HasColumnType("numeric");
        usage.Property(u => u.RecordedAt).HasDefaultValueSql("clock_timestamp()");
        usage.HasIndex(u => new { u.WorkspaceId, u.StartedAt, u.Id }).IsDescending(false, true, true);
        usage.HasIndex(u => u.RecordedAt).HasMethod("brin");
    }
}
