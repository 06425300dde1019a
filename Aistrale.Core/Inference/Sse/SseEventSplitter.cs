using System.Buffers;

namespace Aistrale.Core.Inference.Sse;

/// <summary>
/// Cuts a server-sent event stream into blocks, from chunks of any size: <c>Append</c> a chunk, then <c>TryRead</c> until it is false; <c>Complete</c> at the end of the stream.
/// Works on bytes, so a character split between chunks is no special case. Not thread-safe; reusable after <c>Reset</c>.
/// </summary>
/// <remarks>
/// Sample of the input (line ends may be LF, CRLF, CR, or a mixture):
/// <code>
/// : keep-alive
///
/// event: message_delta
/// data: {"delta":{"stop_reason":"end_turn"},
/// data: "usage":{"output_tokens":9}}
///
/// data: [DONE]
///
/// </code>
/// </remarks>
internal sealed class SseEventSplitter(int maxEventBytes = SseEventSplitter.DefaultMaxEventBytes) : IDisposable
{
    public const int DefaultMaxEventBytes = 1024 * 1024;

    private const int InitialBufferBytes = 16 * 1024;
    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    private readonly int _maxEventBytes = maxEventBytes;

    // [_start, _end) holds the bytes of the current block and what follows it; all field offsets are relative to _start.
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    private int _lineStart;
    private int _scanned;
    private bool _sawLine;
    private bool _previousEndedInCr;
    private bool _atStreamStart = true;
    private bool _completed;

    private Range _name;
    private Range _data;
    private int _dataLines;
    private byte[] _joined = [];
    private int _joinedLength;

    public void Append(ReadOnlySpan<byte> chunk)
    {
        ThrowIfTooLarge(_end - _start);
        MakeRoom(chunk.Length);
        chunk.CopyTo(_buffer.AsSpan(_end));
        _end += chunk.Length;
    }

    /// <summary>The stream has ended; what is left can now be read, flagged when no blank line closed it.</summary>
    public void Complete() => _completed = true;

    public bool TryRead(out SseEvent block)
    {
        while (TryReadLine(out var line))
        {
            if (line.Start.Value == line.End.Value)
            {
                if (_sawLine)
                {
                    block = TakeBlock(isUnterminated: false);
                    return true;
                }

                // A blank line with nothing before it closes nothing; its bytes travel with the next block.
                continue;
            }

            _sawLine = true;
            ReadField(line);
        }

        if (_completed && _end > _start)
        {
            block = TakeBlock(isUnterminated: _sawLine);
            return true;
        }

        ThrowIfTooLarge(_end - _start);
        block = default;
        return false;
    }

    /// <summary>Forgets all state and keeps the buffers, for the next stream.</summary>
    public void Reset()
    {
        _start = _end = 0;
        _previousEndedInCr = _completed = false;
        _atStreamStart = true;
        StartBlock();
    }

    public void Dispose()
    {
        Reset();
        Return(ref _buffer);
        Return(ref _joined);
    }

    /// <summary>The next whole line, without its end, relative to the block; false when more bytes are needed.</summary>
    private bool TryReadLine(out Range line)
    {
        var block = _buffer.AsSpan(_start, _end - _start);
        var found = block[_scanned..].IndexOfAny(Cr, Lf);
        if (found < 0)
        {
            _scanned = block.Length;
            return TryReadLastLine(block.Length, out line);
        }

        var end = _scanned + found;
        var isCr = block[end] == Cr;
        var next = end + 1;
        // Two lone CRs close a block at once: waiting for a possible LF would hold each event of such a stream until the next one.
        // The LF, should it come, is then a blank line at the head of the next block, whichever way the bytes were cut.
        var closesByCr = isCr && _previousEndedInCr && _sawLine && end == _lineStart;
        if (isCr && !closesByCr)
        {
            if (next == block.Length && !_completed)
            {
                _scanned = end;
                line = default;
                return false;
            }

            if (next < block.Length && block[next] == Lf)
            {
                next++;
                isCr = false;
            }
        }

        _previousEndedInCr = isCr;
        line = WithoutMark(block, _lineStart, end);
        _lineStart = _scanned = next;
        return true;
    }

    private bool TryReadLastLine(int length, out Range line)
    {
        line = default;
        if (!_completed || _lineStart == length)
        {
            return false;
        }

        line = WithoutMark(_buffer.AsSpan(_start, length), _lineStart, length);
        _lineStart = length;
        return true;
    }

    /// <summary>A byte order mark may open the stream; it is not part of the first line.</summary>
    private Range WithoutMark(ReadOnlySpan<byte> block, int start, int end)
    {
        if (_atStreamStart)
        {
            _atStreamStart = false;
            if (block[start..end].StartsWith("\uFEFF"u8))
            {
                start += 3;
            }
        }

        return start..end;
    }

    private void ReadField(Range line)
    {
        var text = Slice(line);
        var colon = text.IndexOf((byte)':');
        if (colon == 0)
        {
            return;
        }

        var field = colon < 0 ? text : text[..colon];
        var valueStart = colon < 0 ? line.End.Value : line.Start.Value + colon + 1;
        if (valueStart < line.End.Value && _buffer[_start + valueStart] == (byte)' ')
        {
            valueStart++;
        }

        var value = valueStart..line.End.Value;
        if (field.SequenceEqual("data"u8))
        {
            AddData(value);
        }
        else if (field.SequenceEqual("event"u8))
        {
            _name = value;
        }
    }

    /// <summary>One data line is used where it lies; only a second one makes a copy necessary.</summary>
    private void AddData(Range value)
    {
        _dataLines++;
        if (_dataLines == 1)
        {
            _data = value;
            return;
        }

        if (_dataLines == 2)
        {
            Join(Slice(_data));
        }

        Join("\n"u8);
        Join(Slice(value));
    }

    private void Join(ReadOnlySpan<byte> bytes)
    {
        if (_joined.Length - _joinedLength < bytes.Length)
        {
            Grow(ref _joined, _joinedLength + bytes.Length, 0, _joinedLength);
        }

        bytes.CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength += bytes.Length;
    }

    private SseEvent TakeBlock(bool isUnterminated)
    {
        var length = isUnterminated ? _end - _start : _lineStart;
        ThrowIfTooLarge(length);
        var data = _dataLines > 1 ? _joined.AsMemory(0, _joinedLength) : Memory(_data);
        var block = new SseEvent(Memory(_name), data, _buffer.AsMemory(_start, length), _dataLines > 0, isUnterminated);
        _start += length;
        StartBlock();
        return block;
    }

    private void StartBlock()
    {
        _lineStart = _scanned = 0;
        _sawLine = false;
        _name = _data = default;
        _dataLines = _joinedLength = 0;
    }

    private ReadOnlySpan<byte> Slice(Range range) => Memory(range).Span;

    private ReadOnlyMemory<byte> Memory(Range range) =>
        _buffer.AsMemory(_start + range.Start.Value, range.End.Value - range.Start.Value);

    private void MakeRoom(int count)
    {
        if (_buffer.Length - _end >= count)
        {
            return;
        }

        var held = _end - _start;
        if (_buffer.Length - held >= count)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            Grow(ref _buffer, held + count, _start, held);
        }

        _start = 0;
        _end = held;
    }

    private static void Grow(ref byte[] buffer, int needed, int start, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(InitialBufferBytes, Math.Max(needed, buffer.Length * 2)));
        buffer.AsSpan(start, length).CopyTo(larger);
        Return(ref buffer);
        buffer = larger;
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = [];
    }

    private void ThrowIfTooLarge(int bytes)
    {
        if (bytes > _maxEventBytes)
        {
            throw new SseEventTooLargeException(_maxEventBytes);
        }
    }
}
