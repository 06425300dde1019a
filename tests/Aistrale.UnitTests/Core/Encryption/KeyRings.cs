using System.Security.Cryptography;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Aistrale.Core.Encryption.KeyWrappers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Aistrale.UnitTests.Core.Encryption;

/// <summary>Key rings with freshly made keys, wrapped as in the database.</summary>
internal static class KeyRings
{
    public static string NewKeyEncryptionKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static LocalKeyWrapper Wrapper(string? key = null) => LocalKeyWrapper.FromConfiguration(Settings(("Encryption:Key", key ?? NewKeyEncryptionKey())));

    public static IConfiguration Settings(params (string Key, string? Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, value.Value))).Build();

    /// <summary>A ring that nothing was loaded into.</summary>
    public static KeyRing Empty(IKeyWrapper? wrapper = null) => new(new NoDatabase(), wrapper ?? Wrapper(), TimeProvider.System);

    public static KeyRing WithKeys() => With(Wrapper(), (DataKeyPurposes.ProviderToken, 1, DataKeyStates.Active), (DataKeyPurposes.KeyPepper, 1, DataKeyStates.Active));

    public static KeyRing With(IKeyWrapper wrapper, params (string Purpose, int Version, string State)[] keys)
    {
        var ring = Empty(wrapper);
        ring.Use([.. keys.Select(key => Row(wrapper, key.Purpose, key.Version, key.State))]);
        return ring;
    }

    public static DataKey Row(IKeyWrapper wrapper, string purpose, int version, string state) => new()
    {
        Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
        Purpose = purpose,
        Version = version,
        State = state,
        Wrapped = wrapper.Wrap(RandomNumberGenerator.GetBytes(32), Context(purpose, version)),
        KeyEncryptionKeyId = wrapper.KeyId,
    };

    public static byte[] Context(string purpose, int version) =>
        Envelope.AdditionalData("data_keys", purpose, version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private sealed class NoDatabase : IDbContextFactory<AistraleDbContext>
    {
        public AistraleDbContext CreateDbContext() => throw new InvalidOperationException("This test has no database.");
    }
}
