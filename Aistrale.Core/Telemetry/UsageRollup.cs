using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Telemetry;

/// <summary>One hour of one combination, summed. Always recomputed from <see cref="UsageEvent"/> and replaced, never added to.</summary>
internal sealed class UsageRollup
{
    public Guid Id { get; init; }
    public DateTimeOffset Hour { get; init; }
    public Guid WorkspaceId { get; init; }
    public string? Provider { get; init; }
    public string? Model { get; init; }
    public Guid? UserId { get; init; }
    public Guid? KeyId { get; init; }
    public Guid? PromptId { get; init; }
    public long Requests { get; init; }
    public long Errors { get; init; }
    public long UnpricedRequests { get; init; }
    public long InputTokens { get; init; }
    public long CachedInputTokens { get; init; }
    public long CacheWriteTokens { get; init; }
    public long OutputTokens { get; init; }
    public long ReasoningTokens { get; init; }
    public decimal CostUsd { get; init; }
}

/// <summary>How far a recomputing job has come.</summary>
internal sealed class RollupWatermark
{
    public required string Name { get; init; }
    public DateTimeOffset RecordedUpTo { get; set; }
}

internal sealed class UsageRollupConfiguration : IEntityTypeConfiguration<UsageRollup>
{
    public void Configure(EntityTypeBuilder<UsageRollup> rollup)
    {
        rollup.ToTable("usage_rollup_hour");
        rollup.Property(r => r.Id).ValueGeneratedNever();
        rollup.Property(r => r.CostUsd).HasColumnType("numeric");
        rollup.HasIndex(r => new { r.Hour, r.WorkspaceId, r.Provider, r.Model, r.UserId, r.KeyId, r.PromptId })
            .IsUnique().AreNullsDistinct(false).HasDatabaseName("ux_usage_rollup_hour");
    }
}

internal sealed class RollupWatermarkConfiguration : IEntityTypeConfiguration<RollupWatermark>
{
    public void Configure(EntityTypeBuilder<RollupWatermark> watermark)
    {
        watermark.ToTable("rollup_watermarks");
        watermark.HasKey(w => w.Name);
        watermark.Property(w => w.Name).HasMaxLength(64);
    }
}
