using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Data;

/// <summary>Counts the changes of one table; polling these few rows tells an instance what to reload.</summary>
internal sealed class ChangeStamp
{
    public required string Topic { get; init; }
    public long Version { get; init; }
}

internal sealed class ChangeStampConfiguration : IEntityTypeConfiguration<ChangeStamp>
{
    public void Configure(EntityTypeBuilder<ChangeStamp> stamp)
    {
        stamp.ToTable("change_stamps");
        stamp.HasKey(s => s.Topic);
        stamp.Property(s => s.Topic).HasMaxLength(64);
        stamp.HasData(Topics.All.Select(topic => new ChangeStamp { Topic = topic, Version = 0 }));
    }
}
