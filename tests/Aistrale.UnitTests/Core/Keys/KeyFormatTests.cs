using Aistrale.Core.Keys;
using Xunit;

namespace Aistrale.UnitTests.Core.Keys;

public sealed class KeyFormatTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void A_new_key_is_well_formed_and_unlike_any_other()
    {
        var keys = Enumerable.Range(0, 1_000).Select(_ => KeyFormat.Generate()).ToArray();

        Assert.All(keys, key => Assert.True(KeyFormat.IsWellFormed(key), key));
        Assert.All(keys, key => Assert.Equal(58, key.Length));
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys.Length, keys.Select(key => key[^6..]).Distinct().Count());
    }

    [Fact]
    public void A_new_key_is_what_the_pattern_for_secret_scanners_finds()
    {
        var key = KeyFormat.Generate();

        Assert.Equal(key, KeyFormat.Pattern.Match($"key=\"{key}\";").Value);
        Assert.Equal(key.Length, KeyFormat.Pattern.Match(key).Length);
    }

    [Fact]
    public void No_single_character_can_be_mistyped_unnoticed()
    {
        var key = KeyFormat.Generate();
        for (var i = 0; i < key.Length; i++)
        {
            foreach (var other in Alphabet.Append('_').Append(' ').Append('é').Where(other => other != key[i]))
            {
                Assert.False(KeyFormat.IsWellFormed(key[..i] + other + key[(i + 1)..]), $"{i}: {other}");
            }
        }
    }

    [Fact]
    public void Neighbours_that_changed_places_and_characters_too_many_or_too_few_are_noticed()
    {
        var key = KeyFormat.Generate();
        for (var i = 0; i < key.Length; i++)
        {
            Assert.False(KeyFormat.IsWellFormed(key.Remove(i, 1)));
            Assert.False(KeyFormat.IsWellFormed(key.Insert(i, "A")));
            if (i + 1 < key.Length && key[i] != key[i + 1])
            {
                Assert.False(KeyFormat.IsWellFormed(key[..i] + key[i + 1] + key[i] + key[(i + 2)..]), $"{i}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ais_live_")]
    [InlineData("sk-proj-0123456789")]
    [InlineData("ais_live_0000000000000000000000000000000000000000000000000")]
    public void What_is_no_key_is_not_well_formed(string text) => Assert.False(KeyFormat.IsWellFormed(text));

    // The checksum of a key that was given out must stay what it was, or all keys stop working with the next version.
    [Fact]
    public void The_checksum_is_CRC_32_in_base_62()
    {
        const string Body = "ais_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg";
        var checksum = System.IO.Hashing.Crc32.HashToUInt32(System.Text.Encoding.ASCII.GetBytes(Body));
        var digits = "";
        for (var i = 0; i < 6; i++)
        {
            digits = Alphabet[(int)(checksum % 62)] + digits;
            checksum /= 62;
        }

        Assert.True(KeyFormat.IsWellFormed(Body + digits), digits);
    }
}
