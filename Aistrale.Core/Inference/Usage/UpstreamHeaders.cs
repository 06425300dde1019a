using System.Net.Http.Headers;

namespace Aistrale.Core.Inference.Usage;

/// <summary>What the answer's headers add to an observation.</summary>
internal static class UpstreamHeaders
{
    // Hugging Face's router names the backing provider here, on whole and streamed answers alike; nothing in the body does.
    private const string ServedByHeader = "x-inference-provider";

    private const int MaxServedByChars = 64;

    public static void Read(HttpResponseHeaders headers, UpstreamObservation observation)
    {
        if (First(headers, ServedByHeader) is { Length: > 0 and <= MaxServedByChars } servedBy)
        {
            observation.ServedBy = servedBy.Trim().ToLowerInvariant();
        }
    }

    public static ProviderErrorHeaders ForError(HttpResponseHeaders headers) => new(First(headers, "retry-after"), First(headers, "retry-after-ms"));

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
