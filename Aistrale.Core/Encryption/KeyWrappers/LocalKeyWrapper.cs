using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aistrale.Core.Encryption.KeyWrappers;

/// <summary>Holds the 32-byte key-encryption key in memory, read from a file (<c>Encryption:KeyFile</c>) or from configuration (<c>Encryption:Key</c>).</summary>
internal sealed class LocalKeyWrapper : IKeyWrapper
{
    private const int KeyBytes = 32;
    private readonly byte[] _key;

    private LocalKeyWrapper(byte[] key)
    {
        _key = key;
        var digest = SHA256.HashData([.. "aistrale key id "u8, .. key]);
        KeyId = Convert.ToHexStringLower(digest.AsSpan(0, 8));
    }

    public string KeyId { get; }

    /// <exception cref="InvalidKeyEncryptionKeyException">There is no key, or it is not 32 bytes in base64.</exception>
    public static LocalKeyWrapper FromConfiguration(IConfiguration configuration)
    {
        var file = configuration["Encryption:KeyFile"];
        if (!string.IsNullOrEmpty(file))
        {
            if (!File.Exists(file))
            {
                throw new InvalidKeyEncryptionKeyException($"The key-encryption key file named by Encryption__KeyFile does not exist: {file}. Restore it from your backup; a new key could not read what is stored.");
            }

            return new LocalKeyWrapper(Parse(Read(file), "the file named by Encryption__KeyFile"));
        }

        var text = configuration["Encryption:Key"];
        return string.IsNullOrEmpty(text)
            ? throw new InvalidKeyEncryptionKeyException("No key-encryption key is configured. Set Encryption__KeyFile to a file that holds 32 random bytes in base64.")
            : new LocalKeyWrapper(Parse(text, "Encryption__Key"));
    }

    public byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context) => Envelope.Seal(_key, dataKey, context);

    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context) => Envelope.Open(_key, wrapped, context);

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidKeyEncryptionKeyException($"The key-encryption key file named by Encryption__KeyFile cannot be read: {file}. Give this process the right to read it.");
        }
    }

    private static byte[] Parse(string text, string where)
    {
        var key = new byte[KeyBytes + 1];
        if (!Convert.TryFromBase64String(text.Trim(), key, out var written) || written != KeyBytes)
        {
            throw new InvalidKeyEncryptionKeyException($"The key-encryption key in {where} is not 32 bytes in base64.");
        }

        return key[..KeyBytes];
    }
}
