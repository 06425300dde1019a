using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aistrale.Core.Users;
using Microsoft.AspNetCore.Identity;
using NSec.Cryptography;

namespace Aistrale.Core.Auth;

/// <summary>
/// Argon2id through libsodium, stored as a PHC string: <c>$argon2id$v=19$m=65536,t=2,p=1$salt$hash</c>.
/// 64 MiB and two passes; OWASP's floor is 19 MiB and two passes.
/// </summary>
internal sealed class Argon2PasswordHasher : IPasswordHasher<User>
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int MemoryKiB = 65_536;
    private const int Passes = 2;

    public string HashPassword(User user, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, MemoryKiB, Passes);
        return string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={MemoryKiB},t={Passes},p=1${Encode(salt)}${Encode(hash)}");
    }

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        if (!TryParse(hashedPassword, out var memoryKiB, out var passes, out var salt, out var expected))
        {
            return PasswordVerificationResult.Failed;
        }

        var actual = Derive(providedPassword, salt, memoryKiB, passes);
        if (!CryptographicOperations.FixedTimeEquals(actual, expected))
        {
            return PasswordVerificationResult.Failed;
        }

        return memoryKiB < MemoryKiB || passes < Passes ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Success;
    }

    private static byte[] Derive(string password, byte[] salt, int memoryKiB, int passes)
    {
        var argon2 = new Argon2id(new Argon2Parameters { MemorySize = memoryKiB, NumberOfPasses = passes, DegreeOfParallelism = 1 });
        return argon2.DeriveBytes(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormC)), salt, HashBytes);
    }

    // $argon2id$v=19$m=65536,t=2,p=1$<salt>$<hash>: salt and hash in base64 without padding
    private static bool TryParse(string phc, out int memoryKiB, out int passes, out byte[] salt, out byte[] hash)
    {
        (memoryKiB, passes, salt, hash) = (0, 0, [], []);
        if (phc.Split('$') is not ["", "argon2id", "v=19", var parameters, var saltText, var hashText]
            || parameters.Split(',') is not [['m', '=', .. var m], ['t', '=', .. var t], "p=1"]
            || !int.TryParse(m, CultureInfo.InvariantCulture, out memoryKiB)
            || !int.TryParse(t, CultureInfo.InvariantCulture, out passes))
        {
            return false;
        }

        return TryDecode(saltText, SaltBytes, out salt) && TryDecode(hashText, HashBytes, out hash) && memoryKiB is >= 8_192 and <= 1_048_576 && passes is >= 1 and <= 16;
    }

    private static bool TryDecode(string text, int length, out byte[] bytes)
    {
        bytes = new byte[length];
        return Convert.TryFromBase64String(Pad(text), bytes, out var written) && written == length;
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static string Pad(string text) => text.PadRight((text.Length + 3) / 4 * 4, '=');
}
