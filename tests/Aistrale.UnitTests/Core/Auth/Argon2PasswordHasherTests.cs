using System.Text.RegularExpressions;
using Aistrale.Core.Auth;
using Microsoft.AspNetCore.Identity;
using NSec.Cryptography;
using Xunit;

namespace Aistrale.UnitTests.Core.Auth;

public sealed partial class Argon2PasswordHasherTests
{
    private const string Password = "correct horse battery staple";
    private readonly Argon2PasswordHasher _hasher = new();

    [Fact]
    public void A_hash_is_a_PHC_string_with_its_parameters_and_a_salt_of_its_own()
    {
        var one = _hasher.HashPassword(null!, Password);
        var other = _hasher.HashPassword(null!, Password);

        Assert.Matches(Phc(), one);
        Assert.NotEqual(one, other);
        Assert.Equal(PasswordVerificationResult.Success, Verify(one, Password));
        Assert.Equal(PasswordVerificationResult.Success, Verify(other, Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Correct horse battery staple")]
    [InlineData("correct horse battery staple ")]
    [InlineData("correct horse battery staple\0")]
    public void Any_other_password_is_refused(string password) => Assert.Equal(PasswordVerificationResult.Failed, Verify(_hasher.HashPassword(null!, Password), password));

    [Fact]
    public void A_long_password_counts_to_its_last_character()
    {
        var password = new string('x', 256);
        var hash = _hasher.HashPassword(null!, password);

        Assert.Equal(PasswordVerificationResult.Success, Verify(hash, password));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, password[..255] + 'y'));
    }

    [Theory]
    [InlineData(8_192, 2)]
    [InlineData(65_536, 1)]
    public void A_hash_made_with_less_work_is_accepted_and_wants_to_be_made_anew(int memoryKiB, int passes) =>
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Verify(Hash(memoryKiB, passes), Password));

    [Fact]
    public void A_hash_made_with_more_work_is_fine() => Assert.Equal(PasswordVerificationResult.Success, Verify(Hash(65_536, 3), Password));

    // What stands in the database may be anything; a sign-in must fail on it, not break.
    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("plain text")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuv")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$$")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$!!!!$####")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$é")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=16$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=0,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=-1,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=2147483647,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=65536,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=65536,t=1000000,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=x,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$t=2,m=65536,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_stored_value_that_is_no_hash_of_ours_matches_nothing_and_never_throws(string stored) => Assert.Equal(PasswordVerificationResult.Failed, Verify(stored, Password));

    private PasswordVerificationResult Verify(string stored, string password) => _hasher.VerifyHashedPassword(null!, stored, password);

    private static string Hash(int memoryKiB, int passes)
    {
        var salt = new byte[16];
        var argon2 = new Argon2id(new Argon2Parameters { MemorySize = memoryKiB, NumberOfPasses = passes, DegreeOfParallelism = 1 });
        var hash = argon2.DeriveBytes(System.Text.Encoding.UTF8.GetBytes(Password), salt, 32);
        return FormattableString.Invariant($"$argon2id$v=19$m={memoryKiB},t={passes},p=1${Convert.ToBase64String(salt).TrimEnd('=')}${Convert.ToBase64String(hash).TrimEnd('=')}");
    }

    [GeneratedRegex(@"^\$argon2id\$v=19\$m=65536,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$")]
    private static partial Regex Phc();
}
