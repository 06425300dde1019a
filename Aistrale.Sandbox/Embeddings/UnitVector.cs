using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Embeddings;

/// <summary>A vector of length one that depends on the text alone: equal texts are equal vectors.</summary>
internal static class UnitVector
{
    public static float[] Create(string text, int dimensions)
    {
        var seed = Seed.From(SHA256.HashData(Encoding.UTF8.GetBytes(text)), "embedding");
        var vector = new float[dimensions];
        var squares = 0.0;
        for (var i = 0; i < dimensions; i++)
        {
            // 53 random bits as a number from -1 to 1.
            var value = ((seed.Draw((ulong)i) >> 11) * (2.0 / (1UL << 53))) - 1.0;
            vector[i] = (float)value;
            squares += value * value;
        }

        var length = (float)Math.Sqrt(squares);
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] = length == 0 ? 1 : vector[i] / length;
        }

        return vector;
    }

    public static void WriteNumbers(IBufferWriter<byte> output, float[] vector)
    {
        output.Raw("["u8);
        for (var i = 0; i < vector.Length; i++)
        {
            if (i > 0)
            {
                output.Raw(","u8);
            }

            Utf8Formatter.TryFormat(vector[i], output.GetSpan(32), out var written);
            output.Advance(written);
        }

        output.Raw("]"u8);
    }

    /// <summary>Little-endian floats, as the official SDKs ask for them.</summary>
    public static void WriteBase64(IBufferWriter<byte> output, float[] vector)
    {
        var bytes = MemoryMarshal.AsBytes(vector.AsSpan());
        output.Raw("\""u8);
        var span = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, span, out _, out var written);
        output.Advance(written);
        output.Raw("\""u8);
    }
}
