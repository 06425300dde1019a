using System.Buffers;
using System.Net.Http.Headers;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Upstream;

namespace Aistrale.Core.Inference.Lanes;

/// <summary>
/// The provider speaks the caller's dialect: the request goes out with only the model's name and the usage flag changed, the answer's
/// bytes come back untouched, and a reader watches them for usage, stop reason and errors.
/// </summary>
internal sealed class NativeLane(ProviderHttp http)
{
    private const int ReadBytes = 32 * 1024;

    private static readonly string[] PassedHeaderPrefixes = ["x-ratelimit-", "anthropic-ratelimit-", "openai-", "retry-after", "x-groq-", "x-inference-"];

    public async Task<CallEnd> SendAsync(LaneContext lane, Uri uri)
    {
        var upstream = lane.Upstream;
        using var request = Request(lane, uri);
        using var response = await http.Client(upstream.Target.Provider.Name).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, upstream.Token);
        if (!response.IsSuccessStatusCode)
        {
            PassHeaders(response, lane);
            return UpstreamFailure.Explain(upstream);
        }

        await using var answer = await response.Content.ReadAsStreamAsync(upstream.Token);
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? await PassStreamAsync(lane, response, answer)
            : await PassWholeAsync(lane, response, answer);
    }

    private static HttpRequestMessage Request(LaneContext lane, Uri uri)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        lane.Call.Request.WriteNative(body, lane.Upstream.Target.Model);
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in lane.Call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static async Task<CallEnd> PassWholeAsync(LaneContext lane, HttpResponseMessage response, Stream answer)
    {
        var upstream = lane.Upstream;
        var body = new ArrayBufferWriter<byte>(response.Content.Headers.ContentLength is > 0 and <= LaneContext.MaxBufferedAnswerBytes and var length ? (int)length + 1 : 4096);
        int read;
        while ((read = await answer.ReadAsync(body.GetMemory(1), upstream.Token)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > LaneContext.MaxBufferedAnswerBytes)
            {
                return await PassLargeAsync(lane, response, answer, body);
            }
        }

        upstream.OnBody(body.WrittenSpan);
        if (upstream.Observation.InBandError is not null || upstream.Observation.MalformedEvents > 0 || body.WrittenCount == 0)
        {
            return UpstreamFailure.Explain(upstream);
        }

        var settled = lane.Settlement.Finish(CallEnd.Ok, upstream);
        lane.SetHeaders();
        lane.SetCost(settled);
        PassHeaders(response, lane);
        lane.Body.Start((int)response.StatusCode, "application/json", body.WrittenCount);
        lane.Body.Output.Write(body.WrittenSpan);
        await lane.Body.Output.FlushAsync(upstream.Token);
        return CallEnd.Ok;
    }

    // Embeddings of a whole library, images in base64: too large to hold back, so its usage stays unread and the record is estimated.
    private static async Task<CallEnd> PassLargeAsync(LaneContext lane, HttpResponseMessage response, Stream answer, ArrayBufferWriter<byte> begun)
    {
        lane.SetHeaders();
        PassHeaders(response, lane);
        lane.Body.Start((int)response.StatusCode, "application/json");
        lane.Body.Output.Write(begun.WrittenSpan);
        int read;
        while ((read = await answer.ReadAsync(lane.Body.Output.GetMemory(ReadBytes), lane.Upstream.Token)) > 0)
        {
            lane.Body.Output.Advance(read);
            await lane.Body.Output.FlushAsync(lane.Upstream.Token);
        }

        lane.Settlement.Finish(CallEnd.Ok, lane.Upstream);
        return CallEnd.Ok;
    }

    private static async Task<CallEnd> PassStreamAsync(LaneContext lane, HttpResponseMessage response, Stream answer)
    {
        var upstream = lane.Upstream;
        using var events = new SseEventSplitter();
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            int read;
            do
            {
                read = await answer.ReadAsync(buffer, upstream.Token);
                if (read == 0)
                {
                    events.Complete();
                }
                else
                {
                    events.Append(buffer.AsSpan(0, read));
                }

                if (PassEvents(lane, response, events) is { } failed)
                {
                    return failed;
                }

                await lane.Body.Output.FlushAsync(upstream.Token);
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return upstream.Observation.SawTerminalEvent ? CallEnd.Ok : UpstreamFailure.Truncated(upstream);
    }

    private static CallEnd? PassEvents(LaneContext lane, HttpResponseMessage response, SseEventSplitter events)
    {
        while (events.TryRead(out var block))
        {
            lane.Upstream.OnEvent(block);
            if (lane.Upstream.Observation.InBandError is not null)
            {
                return UpstreamFailure.Explain(lane.Upstream);
            }

            if (!lane.Body.HasStarted)
            {
                if (block.IsComment)
                {
                    // Nothing is promised to the caller before the first event: until then a failure is a plain error.
                    continue;
                }

                lane.SetHeaders();
                PassHeaders(response, lane);
                lane.Body.Start((int)response.StatusCode, "text/event-stream");
            }

            if (block.Data.SequenceEqual("[DONE]"u8))
            {
                // The record is safe before the caller sees the end.
                lane.Settlement.Finish(CallEnd.Ok, lane.Upstream);
            }

            PassEvent(lane, block);
        }

        return null;
    }

    private static void PassEvent(LaneContext lane, in SseEvent block)
    {
        var cut = default(Range);
        if (lane.Writer.StreamFilter is null || lane.Writer.StreamFilter.Keep(block, out cut))
        {
            lane.Body.Output.Write(block.Raw[..cut.Start.Value]);
            lane.Body.Output.Write(block.Raw[cut.End.Value..]);
        }
    }

    private static void PassHeaders(HttpResponseMessage response, LaneContext lane)
    {
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (Array.Exists(PassedHeaderPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                lane.Body.SetHeader(name, values.ToString());
            }
        }
    }
}
