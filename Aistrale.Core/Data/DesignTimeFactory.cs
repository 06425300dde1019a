using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Aistrale.Core.Data;

/// <summary>Lets <c>dotnet ef</c> build the model without a host or a server.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AistraleDbContext>
{
    public AistraleDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<AistraleDbContext>()
        .UseNpgsql("Host=localhost", npgsql => npgsql.SetPostgresVersion(15, 0).MigrationsHistoryTable("__ef_migrations"))
        .UseSnakeCaseNamingConvention()
        .Options);
}
