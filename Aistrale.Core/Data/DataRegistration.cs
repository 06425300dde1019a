using Aistrale.Core.Encryption;
using Aistrale.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aistrale.Core.Data;

public static class DataRegistration
{
    /// <summary>Change announcements. The context itself comes from ServiceDefaults, which knows the server.</summary>
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<ChangeBus>();
    }

    /// <summary>Keeps keys, tokens and users in memory and current. ApiService only.</summary>
    public static IServiceCollection AddSnapshots(this IServiceCollection services) => services
        .AddSingleton<SnapshotRefresher>()
        .AddHostedService(provider => provider.GetRequiredService<SnapshotRefresher>())
        .AddSingleton<SnapshotState>(provider => new SnapshotState(provider.GetRequiredService<SnapshotRefresher>()));

    /// <summary>What the migration step needs. Worker only.</summary>
    public static IServiceCollection AddMigrator(this IServiceCollection services) => services
        .AddSingleton<DatabaseRoles>()
        .AddSingleton(provider => new DatabaseMigrator(
            provider.GetRequiredService<IDbContextFactory<AistraleDbContext>>(),
            provider.GetRequiredService<Npgsql.NpgsqlDataSource>(),
            provider.GetRequiredService<DatabaseRoles>(),
            provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<SandboxTokens>()));

    internal static IServiceCollection AddSnapshot<T>(this IServiceCollection services)
        where T : class, ISnapshotSource => services.AddSingleton<ISnapshotSource>(provider => provider.GetRequiredService<T>());
}

/// <summary>How current the in-memory state is; readiness looks at it.</summary>
public sealed class SnapshotState
{
    private readonly SnapshotRefresher _refresher;

    internal SnapshotState(SnapshotRefresher refresher) => _refresher = refresher;

    /// <summary>When memory was last known to equal the database; null before the first load.</summary>
    public DateTimeOffset? FreshAt => _refresher.FreshAt;
}
