using System.Buffers.Binary;

namespace Aistrale.Sandbox.Scripting;

/// <summary>
/// The number that an answer and its ids are drawn from. It depends on path and body only, so the same
/// request is answered with the same bytes on every run and every machine.
/// </summary>
internal readonly record struct Seed(ulong Value)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static Seed From(ReadOnlySpan<byte> bodySha256, string path)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var c in path)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return new Seed(BinaryPrimitives.ReadUInt64LittleEndian(bodySha256) ^ hash);
    }

    /// <summary>The n-th number of this seed's sequence (splitmix64).</summary>
    public ulong Draw(ulong n)
    {
        var z = Value + ((n + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    public int Pick(ulong n, int count) => (int)(Draw(n) % (ulong)count);

    /// <summary>Letters and digits for an id; another purpose gives another id.</summary>
    public string Id(string prefix, int length, int purpose)
    {
        var seed = this;
        return string.Create(prefix.Length + length, (prefix, seed, purpose), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            var from = (ulong)state.purpose * 1000;
            var bits = 0UL;
            for (var i = state.prefix.Length; i < span.Length; i++)
            {
                if ((i - state.prefix.Length) % 10 == 0)
                {
                    bits = state.seed.Draw(from++);
                }

                span[i] = Alphabet[(int)(bits % 62)];
                bits /= 62;
            }
        });
    }

    /// <summary>Lower-case hexadecimal, for ids that look like digests.</summary>
    public string HexId(string prefix, int length, int purpose)
    {
        var seed = this;
        return string.Create(prefix.Length + length, (prefix, seed, purpose), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            var from = (ulong)state.purpose * 1000;
            var bits = 0UL;
            for (var i = state.prefix.Length; i < span.Length; i++)
            {
                if ((i - state.prefix.Length) % 16 == 0)
                {
                    bits = state.seed.Draw(from++);
                }

                span[i] = "0123456789abcdef"[(int)(bits & 15)];
                bits >>= 4;
            }
        });
    }
}
