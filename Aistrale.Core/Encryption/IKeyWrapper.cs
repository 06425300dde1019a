namespace Aistrale.Core.Encryption;

/// <summary>
/// Wraps data keys under the key-encryption key, which never enters the database. The seam to the outside:
/// today a file or an environment variable holds the key, a key-management service can take its place.
/// </summary>
public interface IKeyWrapper
{
    /// <summary>Names the key-encryption key without telling anything about it.</summary>
    string KeyId { get; }

    byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context);

    /// <exception cref="System.Security.Cryptography.CryptographicException">Another key, another context, or damaged bytes.</exception>
    byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context);
}
