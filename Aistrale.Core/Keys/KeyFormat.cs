using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Aistrale.Core.Keys;

/// <summary>
/// The text of an Aistrale key: <c>ais_live_</c>, 43 base-62 characters (256 bits), 6 base-62 characters of CRC-32.
/// The checksum lets a mistyped or made-up key be refused with no look-up at all.
/// </summary>
public static partial class KeyFormat
{
    public const string Prefix = "ais_live_";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> AlphabetChars = SearchValues.Create(Alphabet);
    private const int RandomChars = 43;
    private const int ChecksumChars = 6;
    private const int Length = 9 + RandomChars + ChecksumChars;

    /// <summary>For secret scanners: what an Aistrale key looks like.</summary>
    [GeneratedRegex("ais_live_[0-9A-Za-z]{49}", RegexOptions.CultureInvariant)]
    public static partial Regex Pattern { get; }

    public static string Generate()
    {
        var body = Prefix + RandomNumberGenerator.GetString(Alphabet, RandomChars);
        return body + Checksum(body);
    }

    /// <summary>Right shape and right checksum; says nothing about whether the key exists.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> key)
    {
        if (key.Length != Length || !key.StartsWith(Prefix, StringComparison.Ordinal) || key[Prefix.Length..].ContainsAnyExcept(AlphabetChars))
        {
            return false;
        }

        return key[^ChecksumChars..].SequenceEqual(Checksum(key[..^ChecksumChars]));
    }

    private static string Checksum(ReadOnlySpan<char> body)
    {
        Span<byte> ascii = stackalloc byte[Length];
        var written = Encoding.ASCII.GetBytes(body, ascii);
        Span<byte> crc = stackalloc byte[4];
        Crc32.Hash(ascii[..written], crc);
        var value = BinaryPrimitives.ReadUInt32LittleEndian(crc);
        return string.Create(ChecksumChars, value, static (chars, rest) =>
        {
            for (var i = chars.Length - 1; i >= 0; i--)
            {
                chars[i] = Alphabet[(int)(rest % 62)];
                rest /= 62;
            }
        });
    }
}
