using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Keys;

public static class KeysRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton(provider => new KeyDirectory(
            provider.GetRequiredService<IDbContextFactory<AistraleDbContext>>(),
            provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSnapshot<KeyDirectory>()
        .AddScoped(provider => new KeyService(
            provider.GetRequiredService<AistraleDbContext>(),
            provider.GetRequiredService<KeyDirectory>(),
            provider.GetRequiredService<TimeProvider>()));
}
