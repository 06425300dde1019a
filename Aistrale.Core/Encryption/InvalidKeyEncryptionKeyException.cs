namespace Aistrale.Core.Encryption;

/// <summary>The key-encryption key is missing, malformed, or not the one that this database was written with. The process must not start.</summary>
public sealed class InvalidKeyEncryptionKeyException(string message) : Exception(message);
