using System.Buffers;
using Aistrale.Core.Inference.Sse;

namespace Aistrale.Core.Inference.Upstream;

/// <summary>Passes a provider's answer through to the SDK that reads it, and tells the upstream call what went by.</summary>
internal sealed class TapStream(Stream inner, UpstreamCall call, bool isEventStream) : Stream
{
    private const int MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>Generated images come whole, inside one event.</summary>
    private const int MaxEventBytes = 32 * 1024 * 1024;

    private readonly SseEventSplitter? _events = isEventStream ? new SseEventSplitter(MaxEventBytes) : null;
    private readonly ArrayBufferWriter<byte>? _body = isEventStream ? null : new ArrayBufferWriter<byte>();
    private bool _ended;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Not every SDK passes the caller's token on to the body; this one always counts.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.Token);
        var read = await inner.ReadAsync(buffer, either.Token);
        Observe(buffer.Span, read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Observe(buffer.AsSpan(offset, count), read);
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _events?.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Observe(ReadOnlySpan<byte> buffer, int read)
    {
        // Some readers ask for no bytes at first, to wait without a buffer: that is not the end.
        if (_ended || buffer.IsEmpty)
        {
            return;
        }

        var bytes = buffer[..read];
        _ended = bytes.IsEmpty;
        if (_events is not null)
        {
            ObserveEvents(bytes);
        }
        else if (!_ended && _body!.WrittenCount + bytes.Length <= MaxBodyBytes)
        {
            _body.Write(bytes);
        }
        else if (_ended)
        {
            call.OnBody(_body!.WrittenSpan);
        }
    }

    private void ObserveEvents(ReadOnlySpan<byte> bytes)
    {
        if (_ended)
        {
            _events!.Complete();
        }
        else
        {
            _events!.Append(bytes);
        }

        while (_events.TryRead(out var block))
        {
            call.OnEvent(block);
        }
    }
}
