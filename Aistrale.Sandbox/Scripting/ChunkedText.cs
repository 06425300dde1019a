using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aistrale.Sandbox.Scripting;

/// <summary>
/// Text as the inside of a JSON string (UTF-8, escaped, without quotes), cut into chunks. One chunk is one
/// output token; all of them together are the whole answer, so streaming and not streaming share the bytes.
/// </summary>
internal sealed class ChunkedText
{
    public static readonly ChunkedText Empty = new(ReadOnlyMemory<byte>.Empty, []);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _ends;

    private ChunkedText(ReadOnlyMemory<byte> bytes, int[] ends)
    {
        _bytes = bytes;
        _ends = ends;
        Count = ends.Length;
    }

    public int Count { get; private init; }

    public ReadOnlySpan<byte> All => Count == 0 ? [] : _bytes.Span[.._ends[Count - 1]];

    /// <summary>Wraps around, because an endless answer asks for more chunks than there are.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            index %= _ends.Length;
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.Span[start.._ends[index]];
        }
    }

    public ChunkedText Take(int count) => count >= Count ? this : new ChunkedText(_bytes, _ends[..count]);

    /// <summary>Cuts before every blank: a blank is never part of an escape sequence, so one encoding pass is enough.</summary>
    public static ChunkedText FromWords(string text)
    {
        var bytes = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
        var ends = new int[bytes.AsSpan().Count((byte)' ') + 1];
        var n = 0;
        for (var i = 1; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)' ')
            {
                ends[n++] = i;
            }
        }

        ends[n++] = bytes.Length;
        return bytes.Length == 0 ? Empty : new ChunkedText(bytes, ends[..n]);
    }

    /// <summary>Each piece is one chunk; pieces may end inside an escape sequence of the text they make up.</summary>
    public static ChunkedText FromPieces(IReadOnlyList<string> pieces)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var ends = new int[pieces.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            buffer.Write(JsonEncodedText.Encode(pieces[i], JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            ends[i] = buffer.WrittenCount;
        }

        return new ChunkedText(buffer.WrittenMemory, ends);
    }

    public static ChunkedText Generate(Seed seed, string language, int words)
    {
        var vocabulary = Vocabulary.Words(language);
        var ends = new int[words];
        var size = 0;
        for (var i = 0; i < words; i++)
        {
            size += vocabulary[seed.Pick((ulong)i, vocabulary.Length)].Length + (i > 0 ? 1 : 0);
            ends[i] = size;
        }

        var bytes = new byte[size];
        for (var i = 0; i < words; i++)
        {
            var start = i == 0 ? 0 : ends[i - 1];
            if (i > 0)
            {
                bytes[start++] = (byte)' ';
            }

            vocabulary[seed.Pick((ulong)i, vocabulary.Length)].CopyTo(bytes, start);
        }

        return new ChunkedText(bytes, ends);
    }

    /// <summary>Exactly <paramref name="size"/> bytes of plain ASCII words in the given number of chunks.</summary>
    public static ChunkedText OfBytes(Seed seed, int size, int chunks)
    {
        var vocabulary = Vocabulary.Words("en");
        var bytes = new byte[size];
        var filled = 0;
        for (ulong n = 0; filled < size; n++)
        {
            var word = vocabulary[seed.Pick(n, vocabulary.Length)];
            var length = Math.Min(word.Length, size - filled);
            word.AsSpan(0, length).CopyTo(bytes.AsSpan(filled));
            filled += length;
            if (filled < size)
            {
                bytes[filled++] = (byte)' ';
            }
        }

        chunks = Math.Clamp(chunks, 1, size);
        var ends = new int[chunks];
        for (var i = 0; i < chunks; i++)
        {
            ends[i] = (int)((long)size * (i + 1) / chunks);
        }

        return new ChunkedText(bytes, ends);
    }
}
