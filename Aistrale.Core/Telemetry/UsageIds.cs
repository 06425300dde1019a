using System.Buffers.Binary;

namespace Aistrale.Core.Telemetry;

/// <summary>The time inside a usage record's id.</summary>
public static class UsageIds
{
    // 9999-12-31T23:59:59.999Z; 48 bits reach further.
    private const long MaxMilliseconds = 253_402_300_799_999;

    /// <summary>
    /// A version-7 id begins with its Unix time in milliseconds, 48 bits, big-endian (RFC 9562). Null for an id that no record can have:
    /// ids come from callers too.
    /// </summary>
    public static DateTimeOffset? StartedAt(Guid id)
    {
        if (id.Version != 7)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = ((long)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        return milliseconds > MaxMilliseconds ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
