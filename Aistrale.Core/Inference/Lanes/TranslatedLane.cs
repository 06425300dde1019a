using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Upstream;
using Aistrale.Core.Pricing;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Lanes;

/// <summary>
/// The provider speaks another dialect than the caller: Microsoft.Extensions.AI's types stand between them. Usage, stop reason and errors
/// are read off the wire as in the native lane; an SDK's own account of them is not believed.
/// </summary>
internal sealed class TranslatedLane(ProviderHttp http, PriceCatalogue catalogue)
{
    public async Task<CallEnd> SendAsync(LaneContext lane, CanonicalRequest request)
    {
        UpstreamCall.Current = lane.Upstream;
        var target = lane.Upstream.Target;
        var client = http.ChatClient(target);

        // The options belong to the caller's request; another attempt may need them unchanged.
        var options = request.Options.Clone();
        options.MaxOutputTokens ??= DefaultMaxOutputTokens(target.Provider.Name, target.CatalogueModel);
        if (request.Dropped.Count > 0)
        {
            lane.Body.SetHeader("x-aistrale-dropped", string.Join(",", request.Dropped));
        }

        return lane.Call.Request.Stream
            ? await StreamAsync(lane, client, request.Messages, options)
            : await WholeAsync(lane, client, request.Messages, options);
    }

    // Only Messages demands a limit. What a model can give at most is the limit that changes nothing.
    private int? DefaultMaxOutputTokens(string provider, string model) =>
        provider == Contracts.Providers.Anthropic && catalogue.FindModel(provider, model)?.MaxOutputTokens is { } most ? (int)most : null;

    private static async Task<CallEnd> WholeAsync(LaneContext lane, IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var response = await ReadAsync(lane.Upstream, client.GetResponseAsync(messages, options, lane.Upstream.Token));
        if (lane.Upstream.Observation.InBandError is not null)
        {
            return UpstreamFailure.Explain(lane.Upstream);
        }

        var settled = lane.Settlement.Finish(CallEnd.Ok, lane.Upstream);
        lane.SetHeaders();
        lane.SetCost(settled);
        lane.Body.Start(200, "application/json");
        lane.Writer.WriteWhole(lane.Body.Output, response, settled);
        await lane.Body.Output.FlushAsync(lane.Upstream.Token);
        return CallEnd.Ok;
    }

    private static async Task<CallEnd> StreamAsync(LaneContext lane, IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var upstream = lane.Upstream;
        await using var updates = client.GetStreamingResponseAsync(messages, options, upstream.Token).GetAsyncEnumerator(upstream.Token);
        while (await ReadAsync(upstream, updates.MoveNextAsync().AsTask()))
        {
            if (upstream.Observation.InBandError is not null)
            {
                return UpstreamFailure.Explain(upstream);
            }

            if (!lane.Body.HasStarted)
            {
                lane.SetHeaders();
                lane.Body.Start(200, "text/event-stream");
                lane.Writer.BeginStream(lane.Body.Output, lane.Call, upstream.Target);
            }

            lane.Writer.WriteUpdate(lane.Body.Output, updates.Current);
            await lane.Body.Output.FlushAsync(upstream.Token);
        }

        // The adapters take a clean close for the end of the answer; the wire tells.
        if (upstream.Observation.InBandError is not null || !upstream.Observation.SawTerminalEvent)
        {
            return UpstreamFailure.Truncated(upstream);
        }

        var settled = lane.Settlement.Finish(CallEnd.Ok, upstream);
        if (!lane.Body.HasStarted)
        {
            lane.SetHeaders();
            lane.Body.Start(200, "text/event-stream");
            lane.Writer.BeginStream(lane.Body.Output, lane.Call, upstream.Target);
        }

        lane.Writer.EndStream(lane.Body.Output, settled);
        await lane.Body.Output.FlushAsync(upstream.Token);
        return CallEnd.Ok;
    }

    // The SDKs take a well-formed answer for granted: on an odd one they fail with whatever comes, and that is the provider's doing, not ours.
    private static async Task<T> ReadAsync<T>(UpstreamCall upstream, Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception odd) when (upstream.Status is not null && !UpstreamFailure.IsUpstream(odd))
        {
            throw new UpstreamProtocolException(UpstreamFault.Malformed, odd);
        }
    }
}
