using System.Buffers.Binary;

namespace Aistrale.Core.Telemetry;

/// <summary>The time inside a usage record's id.</summary>
public static class UsageIds
{
    /// <summary>A version-7 id begins with its Unix time in milliseconds, 48 bits, big-endian (RFC 9562).</summary>
    public static DateTimeOffset StartedAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = ((long)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
