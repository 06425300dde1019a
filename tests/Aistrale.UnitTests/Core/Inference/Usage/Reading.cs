using System.Text;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Usage;

namespace Aistrale.UnitTests.Core.Inference.Usage;

/// <summary>Runs a reader over a whole answer or a stream, as the response tap will.</summary>
internal static class Reading
{
    public static UpstreamObservation Body(string dialect, string json)
    {
        var seen = new UpstreamObservation();
        Reader(dialect, seen).OnBody(Encoding.UTF8.GetBytes(json));
        return seen;
    }

    public static UpstreamObservation Stream(string dialect, string stream, int chunkBytes = 64)
    {
        var seen = new UpstreamObservation();
        var reader = Reader(dialect, seen);
        using var splitter = new SseEventSplitter();
        foreach (var chunk in Encoding.UTF8.GetBytes(stream).Chunk(chunkBytes))
        {
            splitter.Append(chunk);
            Drain(splitter, reader);
        }

        splitter.Complete();
        Drain(splitter, reader);
        return seen;
    }

    public static IUpstreamReader Reader(string dialect, UpstreamObservation seen) => dialect switch
    {
        "chat" => new ChatCompletionsReader(seen),
        "responses" => new ResponsesReader(seen),
        "messages" => new MessagesReader(seen),
        "gemini" => new GeminiReader(seen),
        "embeddings" => new EmbeddingsReader(seen),
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, null),
    };

    private static void Drain(SseEventSplitter splitter, IUpstreamReader reader)
    {
        while (splitter.TryRead(out var e))
        {
            reader.OnEvent(e);
        }
    }
}
