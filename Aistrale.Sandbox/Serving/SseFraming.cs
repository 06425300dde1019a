using System.Buffers;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>
/// Frames of server-sent events. What leaves, in the usual framing:
/// <code>
/// event: message_start\n
/// data: {"type":"message_start"}\n
/// \n
/// </code>
/// </summary>
internal sealed class SseFraming(string newLine, bool space, bool comments)
{
    private readonly byte[] _newLine = newLine == "\r\n" ? "\r\n"u8.ToArray() : "\n"u8.ToArray();
    private readonly byte[] _data = space ? "data: "u8.ToArray() : "data:"u8.ToArray();
    private readonly byte[] _event = space ? "event: "u8.ToArray() : "event:"u8.ToArray();

    public static readonly SseFraming Usual = new("\n", space: true, comments: false);

    /// <summary>Gemini's.</summary>
    public static readonly SseFraming Crlf = new("\r\n", space: true, comments: false);

    private static readonly SseFraming NoSpace = new("\n", space: false, comments: false);
    private static readonly SseFraming Comments = new("\n", space: true, comments: true);

    public static SseFraming For(EventFraming asked, SseFraming usual) => asked switch
    {
        EventFraming.Crlf => Crlf,
        EventFraming.NoSpace => NoSpace,
        EventFraming.Comments => Comments,
        _ => usual,
    };

    public void Begin(IBufferWriter<byte> output)
    {
        if (comments)
        {
            Comment(output);
        }

        output.Write(_data);
    }

    public void Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> eventName)
    {
        if (comments)
        {
            Comment(output);
        }

        output.Write(_event);
        output.Write(eventName);
        output.Write(_newLine);
        output.Write(_data);
    }

    public void End(IBufferWriter<byte> output)
    {
        output.Write(_newLine);
        output.Write(_newLine);
    }

    public void Comment(IBufferWriter<byte> output)
    {
        output.Write(": keep-alive"u8);
        End(output);
    }
}
