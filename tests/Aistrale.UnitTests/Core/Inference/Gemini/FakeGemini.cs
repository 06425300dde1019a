using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aistrale.Core.Inference.Providers.Gemini;

namespace Aistrale.UnitTests.Core.Inference.Gemini;

/// <summary>A wire end: keeps what was sent and answers with the bytes it was given, in the chunks it was told.</summary>
internal sealed class FakeGemini : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<Uri> Addresses { get; } = [];

    public List<string> Bodies { get; } = [];

    public List<HttpRequestHeaders> Headers { get; } = [];

    public JsonElement LastBody => JsonElement.Parse(Bodies[^1]);

    public FakeGemini Answer(string body, HttpStatusCode status = HttpStatusCode.OK, string contentType = "application/json", int chunkBytes = int.MaxValue, Action<HttpResponseMessage>? with = null)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new StreamContent(new ChunkedStream(Encoding.UTF8.GetBytes(body), chunkBytes)) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
            with?.Invoke(response);
            return response;
        });
        return this;
    }

    public FakeGemini Stream(string body, int chunkBytes = int.MaxValue) => Answer(body, contentType: "text/event-stream", chunkBytes: chunkBytes);

    public GeminiChatClient Client(string model = "gemini-2.5-flash", string baseUrl = "https://gemini.test") => new(new HttpClient(this), new Uri(baseUrl), model);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Addresses.Add(request.RequestUri!);
        Headers.Add(request.Headers);
        Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
        return _answers.Dequeue()();
    }

    /// <summary>Gives at most so many bytes per read, as a socket may.</summary>
    private sealed class ChunkedStream(byte[] bytes, int chunkBytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunkBytes)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }
    }
}
