using Aistrale.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Users;

public static class UsersRegistration
{
    /// <summary>Needs <c>AddAuth</c> as well, which hashes the passwords.</summary>
    public static IServiceCollection AddUsers(this IServiceCollection services) => services
        .AddScoped(provider => new UserService(
            provider.GetRequiredService<AistraleDbContext>(),
            provider.GetRequiredService<IPasswordHasher<User>>(),
            provider.GetRequiredService<TimeProvider>()));
}
