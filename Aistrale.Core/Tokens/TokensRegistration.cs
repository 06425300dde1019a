using Aistrale.Core.Data;
using Aistrale.Core.Inference.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Tokens;

public static class TokensRegistration
{
    public static IServiceCollection AddTokens(this IServiceCollection services) => services
        .AddSingleton<TokenVault>()
        .AddSingleton<TokenDirectory>()
        .AddSnapshot<TokenDirectory>()
        .AddSingleton<SandboxTokens>()
        .AddScoped(provider => new TokenService(
            provider.GetRequiredService<AistraleDbContext>(),
            provider.GetRequiredService<TokenVault>(),
            provider.GetRequiredService<ProviderFactory>(),
            provider.GetRequiredService<TimeProvider>()));
}
