using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aistrale.Core.Encryption;

namespace Aistrale.Core.Tokens;

/// <summary>The only place that encrypts and decrypts provider credentials.</summary>
internal sealed class TokenVault(KeyRing keys)
{
    private const byte Format = 1;

    /// <summary>Seals <paramref name="secret"/> into <paramref name="token"/> under the active data key.</summary>
    public void Seal(ProviderToken token, Secret secret)
    {
        var key = keys.Active(DataKeyPurposes.ProviderToken);
        token.CellVersion++;
        token.DataKeyId = key.Id;
        var plaintext = Encoding.UTF8.GetBytes(secret.Reveal());
        var place = Place(token.Id, token.OwnerId, token.Provider, token.BaseUrl, token.CellVersion, key.Version);
        token.Cell = [Format, .. Envelope.Seal(key.Bytes, plaintext, place)];
        CryptographicOperations.ZeroMemory(plaintext);
    }

    /// <summary>The credential, or null when the cell does not belong to this row at this destination, or its data key is gone.</summary>
    public Secret? Open(TokenEntry token)
    {
        if (keys.Find(token.DataKeyId) is not { } key || token.Cell is not [Format, .. var sealedBytes])
        {
            return null;
        }

        try
        {
            var place = Place(token.Id, token.OwnerId, token.Provider, token.BaseUrl, token.CellVersion, key.Version);
            var plaintext = Envelope.Open(key.Bytes, sealedBytes, place);
            var secret = new Secret(Encoding.UTF8.GetString(plaintext));
            CryptographicOperations.ZeroMemory(plaintext);
            return secret;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Changing the base URL to another host makes the cell unreadable: a stored key can only go where it was meant to go.
    private static byte[] Place(Guid id, Guid ownerId, string provider, string baseUrl, int cellVersion, int keyVersion) => Envelope.AdditionalData(
        "provider_tokens",
        "cell",
        id.ToString("N"),
        ownerId.ToString("N"),
        provider,
        Origin(baseUrl),
        cellVersion.ToString(CultureInfo.InvariantCulture),
        keyVersion.ToString(CultureInfo.InvariantCulture));

    private static string Origin(string baseUrl)
    {
        var uri = new Uri(baseUrl);
        return $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}".ToLowerInvariant();
    }
}
