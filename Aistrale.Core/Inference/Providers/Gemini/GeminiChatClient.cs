using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Usage;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>
/// Speaks Gemini's own API. Sends no key and sets no time limit: both are the business of the handlers inside <paramref name="http"/>.
/// An answer without an end (see <see cref="UpstreamProtocolException"/>) is an error here, never a short success.
/// </summary>
internal sealed class GeminiChatClient(HttpClient http, Uri baseUrl, string model) : IChatClient
{
    /// <summary>Name of the additional property that keeps Gemini's own word beside the canonical finish reason.</summary>
    internal const string FinishReasonProperty = "finishReasonNative";

    /// <summary>Generated images come whole, inside one event.</summary>
    private const int MaxEventBytes = 32 * 1024 * 1024;

    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private const int ReadBytes = 16 * 1024;

    private readonly ChatClientMetadata _metadata = new("gemini", baseUrl, model);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var response = await SendAsync(messages, options, "generateContent", cancellationToken);
        var body = await ReadAsync(response, MaxAnswerBytes, cancellationToken) ?? throw new UpstreamProtocolException(UpstreamFault.TooLarge);
        var seen = new UpstreamObservation();
        new GeminiReader(seen).OnBody(body);
        ThrowIfRefused(seen, body);

        using var message = Parse(body);
        var contents = GeminiPartReader.Read(message.RootElement);
        if (seen.FinishReasonNative is null)
        {
            throw new UpstreamProtocolException(UpstreamFault.Truncated);
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents) { MessageId = seen.UpstreamResponseId })
        {
            ResponseId = seen.UpstreamResponseId,
            ModelId = seen.ModelReported ?? model,
            FinishReason = ToChat(seen),
            Usage = GeminiUsage.ToDetails(seen),
            AdditionalProperties = new() { [FinishReasonProperty] = seen.FinishReasonNative },
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var response = await SendAsync(messages, options, "streamGenerateContent?alt=sse", cancellationToken);
        await ThrowIfNoStreamAsync(response, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var splitter = new SseEventSplitter(MaxEventBytes);
        var seen = new UpstreamObservation();
        var reader = new GeminiReader(seen);
        var chunk = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            var length = -1;
            while (length != 0)
            {
                length = await body.ReadAsync(chunk, cancellationToken);
                if (length == 0)
                {
                    splitter.Complete();
                }
                else
                {
                    splitter.Append(chunk.AsSpan(0, length));
                }

                while (splitter.TryRead(out var e))
                {
                    if (ReadUpdate(e, reader, seen) is { } update)
                    {
                        yield return update;
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        if (seen.FinishReasonNative is null)
        {
            throw new UpstreamProtocolException(UpstreamFault.Truncated);
        }

        if (GeminiUsage.ToDetails(seen) is { } usage)
        {
            yield return Update(seen, [new UsageContent(usage)]);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>The HttpClient belongs to its maker.</summary>
    public void Dispose()
    {
    }

    private ChatResponseUpdate? ReadUpdate(in SseEvent e, GeminiReader reader, UpstreamObservation seen)
    {
        if (e.Data.IsEmpty)
        {
            return null;
        }

        var hadFinished = seen.FinishReasonNative;
        reader.OnEvent(e);
        ThrowIfRefused(seen, e.Data);
        List<AIContent> contents;
        try
        {
            using var message = JsonDocument.Parse(e.DataMemory);
            contents = GeminiPartReader.Read(message.RootElement);
        }
        catch (JsonException broken)
        {
            throw new UpstreamProtocolException(e.IsUnterminated ? UpstreamFault.Truncated : UpstreamFault.Malformed, broken);
        }

        var finishedNow = hadFinished is null && seen.FinishReasonNative is not null;
        if (contents.Count == 0 && !finishedNow)
        {
            return null;
        }

        var update = Update(seen, contents);
        if (finishedNow)
        {
            update.FinishReason = ToChat(seen);
            update.AdditionalProperties = new() { [FinishReasonProperty] = seen.FinishReasonNative };
        }

        return update;
    }

    private ChatResponseUpdate Update(UpstreamObservation seen, IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = seen.UpstreamResponseId,
        MessageId = seen.UpstreamResponseId,
        ModelId = seen.ModelReported ?? model,
    };

    private async Task<HttpResponseMessage> SendAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, string method, CancellationToken ct)
    {
        options ??= new ChatOptions();
        var name = options.ModelId ?? model;
        using var request = new HttpRequestMessage(HttpMethod.Post, GeminiAddress.Of(baseUrl, name, method))
        {
            Content = new ReadOnlyMemoryContent(GeminiRequestWriter.Write(messages, options, name))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await ReadAsync(response, ProviderErrorReader.MaxBodyBytes, ct);
            throw new ProviderHttpException((int)response.StatusCode, body, UpstreamHeaders.ForError(response.Headers));
        }
    }

    /// <summary>A 200 that is no event stream holds an error at best.</summary>
    private static async Task ThrowIfNoStreamAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType is null or "text/event-stream")
        {
            return;
        }

        var body = await ReadAsync(response, ProviderErrorReader.MaxBodyBytes, ct);
        var seen = new UpstreamObservation();
        new GeminiReader(seen).OnBody(body);
        ThrowIfRefused(seen, body);
        throw new UpstreamProtocolException(UpstreamFault.Malformed);
    }

    private static void ThrowIfRefused(UpstreamObservation seen, ReadOnlySpan<byte> body)
    {
        if (seen.InBandError is { } error)
        {
            var kept = body[..Math.Min(body.Length, ProviderErrorReader.MaxBodyBytes)];
            throw new ProviderHttpException(error.Status, kept.ToArray(), default);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var message = JsonDocument.Parse(body);
            return message.RootElement.ValueKind == JsonValueKind.Object ? message : throw new UpstreamProtocolException(UpstreamFault.Malformed);
        }
        catch (JsonException broken)
        {
            throw new UpstreamProtocolException(UpstreamFault.Malformed, broken);
        }
    }

    /// <summary>The body; null when it is larger than allowed.</summary>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            int length;
            while ((length = await stream.ReadAsync(chunk, ct)) > 0)
            {
                if (body.Length + length > maxBytes)
                {
                    return null;
                }

                body.Write(chunk, 0, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return body.ToArray();
    }

    private static ChatFinishReason? ToChat(UpstreamObservation seen) => seen.FinishReason switch
    {
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        FinishReason.Error => new ChatFinishReason("error"),
        _ => seen.FinishReasonNative is { } native ? new ChatFinishReason(native) : null,
    };
}
