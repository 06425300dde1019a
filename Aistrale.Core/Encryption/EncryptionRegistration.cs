using Aistrale.Core.Data;
using Aistrale.Core.Encryption.KeyWrappers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Encryption;

public static class EncryptionRegistration
{
    /// <exception cref="InvalidKeyEncryptionKeyException">No usable key-encryption key is configured; the process must not start.</exception>
    public static IServiceCollection AddEncryption(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton<IKeyWrapper>(LocalKeyWrapper.FromConfiguration(configuration))
        .AddSingleton<KeyRing>()
        .AddSnapshot<KeyRing>();
}
