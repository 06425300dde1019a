using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Aistrale.Contracts;

namespace Aistrale.Web.Clients;

internal sealed class InferenceClient(ApiConnection api)
{
    public Task<ApiResult<IReadOnlyList<ProviderResponse>>> ListProvidersAsync(CancellationToken ct) =>
        api.GetAsync<IReadOnlyList<ProviderResponse>>("/api/inference/providers", ct);

    public Task<ApiResult<IReadOnlyList<ModelResponse>>> ListModelsAsync(CancellationToken ct) =>
        api.GetAsync<IReadOnlyList<ModelResponse>>("/api/inference/models", ct);

    /// <summary>Runs and yields the answer as it arrives. Whatever goes wrong is the last event; only the caller's own cancellation throws.</summary>
    public async IAsyncEnumerable<InferenceEvent> StreamAsync(InferenceRunRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var opened = await api.OpenStreamAsync("/api/inference/stream", request, ct);
        if (!opened.IsOk)
        {
            yield return new InferenceEvent.Failed(opened.Problem.Code, opened.Problem.Detail, opened.Problem.TraceId);
            yield break;
        }

        using var response = opened.Value;
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var step in ReadAsync(body, ct))
        {
            yield return step;
        }
    }

    internal static async IAsyncEnumerable<InferenceEvent> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var events = SseParser.Create(body, Parse).EnumerateAsync(ct).GetAsyncEnumerator(ct);
        string? traceId = null;
        while (true)
        {
            InferenceEvent? step;
            try
            {
                if (!await events.MoveNextAsync())
                {
                    break;
                }

                step = events.Current.Data;
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException or JsonException)
            {
                // The connection broke, or something in between wrote into the stream: the same to the reader of the answer.
                break;
            }

            if (step is null)
            {
                continue;
            }

            traceId = (step as InferenceEvent.Started)?.Run.TraceId ?? traceId;
            step = step is InferenceEvent.Failed failed ? failed with { TraceId = traceId } : step;
            yield return step;
            if (step is InferenceEvent.Completed or InferenceEvent.Failed)
            {
                yield break;
            }
        }

        yield return new InferenceEvent.Failed(
            ErrorCodes.StreamInterrupted, "The connection ended before the answer was complete. What arrived is shown; run it again for the rest.", traceId);
    }

    private static InferenceEvent? Parse(string type, ReadOnlySpan<byte> data) => type switch
    {
        // event: start      data: {"id":"0199…","provider":"openai","model":"gpt-4o-mini","traceId":"0af7…"}
        InferenceEvents.Start => new InferenceEvent.Started(Read<InferenceStarted>(data)),
        // event: delta      data: {"text":"Hel"}
        InferenceEvents.Delta => new InferenceEvent.Text(Read<InferenceText>(data).Text),
        InferenceEvents.Reasoning => new InferenceEvent.Reasoning(Read<InferenceText>(data).Text),
        InferenceEvents.ToolCall => new InferenceEvent.ToolCalled(Read<ToolCallResponse>(data)),
        // event: done       data: the same object that /api/inference/run answers
        InferenceEvents.Done => new InferenceEvent.Completed(Read<InferenceRunResponse>(data)),
        // event: error      data: {"code":"provider_error","message":"…"}
        InferenceEvents.Error => Read<InferenceFailed>(data) is var failed ? new InferenceEvent.Failed(failed.Code, failed.Message, null) : null,
        _ => null,
    };

    private static T Read<T>(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize<T>(data, JsonSerializerOptions.Web) ?? throw new JsonException("An event without data.");
}
