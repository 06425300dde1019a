using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Aistrale.ApiService.Sessions;

internal static class SessionIds
{
    /// <summary>Characters of a session id: 32 random bytes in base64url.</summary>
    public const int Length = 43;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The Redis key. Only a hash of the id: Redis exceptions and tools print key names.</summary>
    public static string RedisKey(string sessionId) => "s:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sessionId)));
}
