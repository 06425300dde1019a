using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aistrale.Core.Telemetry;

namespace Aistrale.Core.Inference.Settlement;

internal enum SpoolRecordKind : byte
{
    /// <summary>Written before the upstream call.</summary>
    Started = 1,

    /// <summary>What a stream had used so far, about each second.</summary>
    Progress = 2,

    /// <summary>The settled call.</summary>
    Finished = 3,
}

internal readonly record struct SpoolRecord(SpoolRecordKind Kind, UsageEvent Usage);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UsageEvent))]
internal sealed partial class SpoolJson : JsonSerializerContext;

/// <summary>
/// A spool record: <c>payload length u32 ‖ CRC-32 of kind and payload u32 ‖ kind u8 ‖ payload</c>, little-endian. The payload is the whole
/// usage record as JSON, as it would stand if nothing came after it: of several with the same id the last one counts. Sample payload:
/// <c>{"id":"0199…","startedAt":"2026-11-23T10:00:00+00:00","status":"interrupted","outputTokens":17,…}</c>
/// </summary>
internal static class SpoolFormat
{
    public const int HeaderBytes = 9;
    private const int MaxPayloadBytes = 1 << 20;

    public static void Write(ArrayBufferWriter<byte> output, SpoolRecordKind kind, UsageEvent usage)
    {
        var start = output.WrittenCount;
        output.GetSpan(HeaderBytes);
        output.Advance(HeaderBytes);
        using (var json = new Utf8JsonWriter(output))
        {
            JsonSerializer.Serialize(json, usage, SpoolJson.Default.UsageEvent);
        }

        var record = System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory)[start..].Span;
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - HeaderBytes);
        record[8] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32.HashToUInt32(record[8..]));
    }

    /// <summary>How many bytes lie before the next readable record, all of them if there is none; the record at 0 is known to be unreadable.</summary>
    public static int SkipUnreadable(ReadOnlySpan<byte> bytes)
    {
        for (var start = 1; start < bytes.Length - HeaderBytes; start++)
        {
            if (TryRead(bytes[start..], out _, out _))
            {
                return start;
            }
        }

        return bytes.Length;
    }

    /// <summary>Reads the next whole record. False at the end, at a damaged record, and at a tail that a crash left torn.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SpoolRecord record, out int consumed)
    {
        (record, consumed) = (default, 0);
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < 2 or > MaxPayloadBytes || bytes.Length < HeaderBytes + length)
        {
            return false;
        }

        var body = bytes.Slice(8, length + 1);
        if (Crc32.HashToUInt32(body) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            return false;
        }

        try
        {
            record = new SpoolRecord((SpoolRecordKind)body[0], JsonSerializer.Deserialize(body[1..], SpoolJson.Default.UsageEvent)!);
        }
        catch (JsonException)
        {
            // Whole, but of a version that this one does not understand.
            return false;
        }

        consumed = HeaderBytes + length;
        return true;
    }
}
