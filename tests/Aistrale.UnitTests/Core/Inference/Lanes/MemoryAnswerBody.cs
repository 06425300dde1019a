using System.IO.Pipelines;
using System.Text;
using Aistrale.Core.Inference;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

/// <summary>The way back to a caller who is this test.</summary>
internal sealed class MemoryAnswerBody : IAnswerBody
{
    private readonly Received _received = new();

    public MemoryAnswerBody() => Output = PipeWriter.Create(_received, new StreamPipeWriterOptions(leaveOpen: true));

    public bool HasStarted { get; private set; }

    public PipeWriter Output { get; }

    public int Status { get; private set; }

    public string ContentType { get; private set; } = "";

    public long? ContentLength { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public byte[] Bytes => _received.Copy();

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Done when the caller has got this text, whatever follows.</summary>
    public async Task ReceivesAsync(string text, CancellationToken ct)
    {
        while (!Text.Contains(text, StringComparison.Ordinal))
        {
            await _received.Grown.WaitAsync(ct);
        }
    }

    public void SetHeader(string name, string value) => Headers[name] = value;

    public void Start(int status, string contentType, long? contentLength = null)
    {
        Xunit.Assert.False(HasStarted, "An answer starts once.");
        (HasStarted, Status, ContentType, ContentLength) = (true, status, contentType, contentLength);
    }

    private sealed class Received : MemoryStream
    {
        private readonly Lock _writing = new();

        public SemaphoreSlim Grown { get; } = new(0);

        public byte[] Copy()
        {
            lock (_writing)
            {
                return ToArray();
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_writing)
            {
                Write(buffer.Span);
            }

            Grown.Release();
            return ValueTask.CompletedTask;
        }
    }
}
