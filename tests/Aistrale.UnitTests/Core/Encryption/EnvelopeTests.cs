using System.Security.Cryptography;
using System.Text;
using Aistrale.Core.Encryption;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Encryption;

public sealed class EnvelopeTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void What_was_sealed_opens_under_the_same_key_and_place() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 50]).Sample((plaintext, place) =>
            Assert.Equal(plaintext, Envelope.Open(Key, Envelope.Seal(Key, plaintext, place), place)));

    [Fact]
    public void The_same_text_is_never_sealed_alike_and_grows_by_nonce_and_tag()
    {
        var one = Envelope.Seal(Key, "secret"u8, "place"u8);
        var other = Envelope.Seal(Key, "secret"u8, "place"u8);

        Assert.NotEqual(one[..12], other[..12]);
        Assert.NotEqual(one[12..18], other[12..18]);
        Assert.Equal(12 + 6 + 16, one.Length);
        Assert.Equal(-1, one.AsSpan().IndexOf("secret"u8));
    }

    [Fact]
    public void A_single_bit_that_changed_anywhere_is_noticed()
    {
        var cell = Envelope.Seal(Key, "secret"u8, "place"u8);
        for (var bit = 0; bit < cell.Length * 8; bit++)
        {
            var damaged = (byte[])cell.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<CryptographicException>(() => Envelope.Open(Key, damaged, "place"u8));
        }
    }

    [Fact]
    public void Another_key_or_another_place_does_not_open_it()
    {
        var cell = Envelope.Seal(Key, "secret"u8, "place"u8);
        byte[] otherKey = [.. Key[..31], 99];

        Assert.ThrowsAny<CryptographicException>(() => Envelope.Open(otherKey, cell, "place"u8));
        Assert.ThrowsAny<CryptographicException>(() => Envelope.Open(Key, cell, "places"u8));
        Assert.ThrowsAny<CryptographicException>(() => Envelope.Open(Key, cell, ""u8));
    }

    [Fact]
    public void A_cell_cut_off_at_any_byte_does_not_open()
    {
        var cell = Envelope.Seal(Key, "secret"u8, "place"u8);
        for (var length = 0; length < cell.Length; length++)
        {
            Assert.ThrowsAny<CryptographicException>(() => Envelope.Open(Key, cell.AsSpan(0, length), "place"u8));
        }
    }

    [Fact]
    public void Additional_data_is_length_and_bytes_of_each_field() =>
        Assert.Equal([0, 0, 0, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 2, 0xC3, 0xA9], Envelope.AdditionalData("a", "", "é"));

    [Fact]
    public void Two_different_tuples_never_have_the_same_additional_data() =>
        Gen.Select(Fields, Fields).Sample((one, other) =>
            Assert.Equal(one.SequenceEqual(other), Envelope.AdditionalData(one).AsSpan().SequenceEqual(Envelope.AdditionalData(other))));

    // Few letters, so that joined fields would often collide.
    private static Gen<string[]> Fields => Gen.Byte[0, 2].Array[0, 4].Select(bytes => Encoding.ASCII.GetString(bytes)).Array[0, 4];
}
