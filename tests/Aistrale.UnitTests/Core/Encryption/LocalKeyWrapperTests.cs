using System.Security.Cryptography;
using Aistrale.Core.Encryption;
using Aistrale.Core.Encryption.KeyWrappers;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Xunit;

namespace Aistrale.UnitTests.Core.Encryption;

public sealed class LocalKeyWrapperTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_data_key_is_wrapped_and_unwrapped_in_its_context_only()
    {
        var wrapper = KeyRings.Wrapper();
        var key = RandomNumberGenerator.GetBytes(32);
        var wrapped = wrapper.Wrap(key, "here"u8);

        Assert.Equal(key, wrapper.Unwrap(wrapped, "here"u8));
        Assert.ThrowsAny<CryptographicException>(() => wrapper.Unwrap(wrapped, "there"u8));
        Assert.ThrowsAny<CryptographicException>(() => KeyRings.Wrapper().Unwrap(wrapped, "here"u8));
    }

    [Fact]
    public void A_key_file_and_the_same_key_in_the_configuration_are_the_same_key()
    {
        var key = KeyRings.NewKeyEncryptionKey();
        var path = File(key + "\n");

        var fromFile = LocalKeyWrapper.FromConfiguration(KeyRings.Settings(("Encryption:KeyFile", path)));

        Assert.Equal(KeyRings.Wrapper(key).KeyId, fromFile.KeyId);
        Assert.Equal(16, fromFile.KeyId.Length);
        Assert.NotEqual(KeyRings.Wrapper().KeyId, fromFile.KeyId);
    }

    [Fact]
    public void A_file_wins_over_the_key_in_the_configuration()
    {
        var key = KeyRings.NewKeyEncryptionKey();
        var wrapper = LocalKeyWrapper.FromConfiguration(KeyRings.Settings(("Encryption:KeyFile", File(key)), ("Encryption:Key", KeyRings.NewKeyEncryptionKey())));

        Assert.Equal(KeyRings.Wrapper(key).KeyId, wrapper.KeyId);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    public void Without_a_key_the_start_is_refused(string? file, string? key) => Assert.Equal(
        "No key-encryption key is configured. Set Encryption__KeyFile to a file that holds 32 random bytes in base64.",
        Refuse(("Encryption:KeyFile", file), ("Encryption:Key", key)));

    [Fact]
    public void A_file_that_is_not_there_is_never_replaced_by_a_new_key()
    {
        var path = Path.Combine(_folder.Path, "gone");

        Assert.Contains($"does not exist: {path}", Refuse(("Encryption:KeyFile", path), ("Encryption:Key", KeyRings.NewKeyEncryptionKey())), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(path));
    }

    [Fact]
    public void A_folder_in_place_of_the_file_is_refused_in_one_sentence() =>
        Assert.Contains("Encryption__KeyFile", Refuse(("Encryption:KeyFile", _folder.Path)), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_cannot_be_read_is_refused_in_one_sentence()
    {
        var path = File(KeyRings.NewKeyEncryptionKey());
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal($"The key-encryption key file named by Encryption__KeyFile cannot be read: {path}. Give this process the right to read it.", Refuse(("Encryption:KeyFile", path)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A_key_of_another_length_is_refused(int bytes)
    {
        var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes)) + " ";

        Assert.Equal("The key-encryption key in Encryption__Key is not 32 bytes in base64.", Refuse(("Encryption:Key", text)));
        Assert.Equal("The key-encryption key in the file named by Encryption__KeyFile is not 32 bytes in base64.", Refuse(("Encryption:KeyFile", File(text))));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA=AAA")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")]
    public void What_is_no_base64_is_refused_without_being_repeated(string text)
    {
        var message = Refuse(("Encryption:Key", text));

        Assert.EndsWith("is not 32 bytes in base64.", message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, message, StringComparison.Ordinal);
    }

    private static string Refuse(params (string Key, string? Value)[] settings) =>
        Assert.Throws<InvalidKeyEncryptionKeyException>(() => LocalKeyWrapper.FromConfiguration(KeyRings.Settings(settings))).Message;

    private string File(string text)
    {
        var path = Path.Combine(_folder.Path, "key");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
