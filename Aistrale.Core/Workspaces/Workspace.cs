using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aistrale.Core.Workspaces;

/// <summary>Every owned row belongs to one; every query filters on it.</summary>
internal sealed class Workspace
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class WorkspaceConfiguration : IEntityTypeConfiguration<Workspace>
{
    public void Configure(EntityTypeBuilder<Workspace> workspace)
    {
        workspace.ToTable("workspaces");
        workspace.Property(w => w.Id).ValueGeneratedNever();
        workspace.Property(w => w.Name).HasMaxLength(100);
    }
}
