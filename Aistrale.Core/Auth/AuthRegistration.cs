using Aistrale.Core.Data;
using Aistrale.Core.Tokens;
using Aistrale.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Auth;

public static class AuthRegistration
{
    /// <summary>Users, passwords and the first admin.</summary>
    public static IServiceCollection AddAuth(this IServiceCollection services) => services
        .AddSingleton(provider => new UserDirectory(provider.GetRequiredService<IDbContextFactory<AistraleDbContext>>()))
        .AddSnapshot<UserDirectory>()
        .AddSingleton<IPasswordHasher<User>, Argon2PasswordHasher>()
        .AddSingleton<PasswordGate>()
        .AddScoped(provider => new AuthService(
            provider.GetRequiredService<AistraleDbContext>(),
            provider.GetRequiredService<PasswordGate>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddScoped(provider => new SetupService(
            provider.GetRequiredService<AistraleDbContext>(),
            provider.GetRequiredService<IPasswordHasher<User>>(),
            provider.GetRequiredService<SandboxTokens>(),
            provider.GetRequiredService<TimeProvider>()));
}
