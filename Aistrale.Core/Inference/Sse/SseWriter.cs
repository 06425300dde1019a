using System.Buffers;

namespace Aistrale.Core.Inference.Sse;

/// <summary>Writes server-sent events. A payload with line ends is spread over several data lines, so it can never end an event early.</summary>
public static class SseWriter
{
    /// <summary>Writes <c>data: {payload}</c> and the blank line.</summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(output);
        WriteDataLines(output, payload);
        output.Write("\n"u8);
    }

    /// <summary>Writes <c>event: {name}</c>, <c>data: {payload}</c> and the blank line.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (name.ContainsAny((byte)'\r', (byte)'\n'))
        {
            throw new ArgumentException("An event name is one line.", nameof(name));
        }

        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
        WriteDataLines(output, payload);
        output.Write("\n"u8);
    }

    /// <summary>Writes a comment, which keeps proxies from closing a silent connection.</summary>
    public static void WriteKeepAlive(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(": keep-alive\n\n"u8);
    }

    /// <summary>Writes the end mark of the Chat Completions dialect.</summary>
    public static void WriteDone(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("data: [DONE]\n\n"u8);
    }

    private static void WriteDataLines(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        while (true)
        {
            var end = payload.IndexOfAny((byte)'\r', (byte)'\n');
            output.Write("data: "u8);
            output.Write(end < 0 ? payload : payload[..end]);
            output.Write("\n"u8);
            if (end < 0)
            {
                return;
            }

            var isCrLf = payload[end] == (byte)'\r' && end + 1 < payload.Length && payload[end + 1] == (byte)'\n';
            payload = payload[(end + (isCrLf ? 2 : 1))..];
        }
    }
}
