using Aistrale.Core.Inference.Usage;

namespace Aistrale.Core.Inference.Upstream;

/// <summary>Notes what the provider answered, in both lanes: times, status, refusal, and (by <see cref="TapStream"/>) usage.</summary>
internal sealed class TapHandler(TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = UpstreamCall.Current ?? throw new InvalidOperationException("A provider is called outside an upstream call.");
        call.SentTimestamp = clock.GetTimestamp();
        var response = await base.SendAsync(request, cancellationToken);
        call.HeadersTimestamp = clock.GetTimestamp();
        call.Status = (int)response.StatusCode;
        UpstreamHeaders.Read(response.Headers, call.Observation);
        if (!response.IsSuccessStatusCode)
        {
            await ReadRefusalAsync(call, response, cancellationToken);
        }
        else if (!call.LaneReadsBody)
        {
            await ListenAsync(call, response, cancellationToken);
        }

        return response;
    }

    private async Task ReadRefusalAsync(UpstreamCall call, HttpResponseMessage response, CancellationToken ct)
    {
        var body = new byte[ProviderErrorReader.MaxBodyBytes + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var read = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        call.Refusal = ProviderErrorReader.Read(call.Status!.Value, UpstreamHeaders.ForError(response.Headers), body.AsSpan(0, read), clock.GetUtcNow());

        // An SDK above may want to read it too.
        Replace(response, new ByteArrayContent(body, 0, read));
    }

    private static async Task ListenAsync(UpstreamCall call, HttpResponseMessage response, CancellationToken ct)
    {
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var stream = await response.Content.ReadAsStreamAsync(ct);
        Replace(response, new StreamContent(new TapStream(stream, call, isStream)));
    }

    private static void Replace(HttpResponseMessage response, HttpContent content)
    {
        if (response.Content.Headers.ContentType is { } type)
        {
            content.Headers.ContentType = type;
        }

        response.Content = content;
    }
}
