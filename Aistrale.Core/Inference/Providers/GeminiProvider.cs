using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Providers.Gemini;
using Aistrale.Core.Inference.Usage;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers;

internal sealed class GeminiProvider : IProviderStrategy
{
    public string Name => Contracts.Providers.Gemini;

    public string DisplayName => "Gemini";

    public string? DefaultBaseUrl => "https://generativelanguage.googleapis.com";

    public Uri? NativeUri(Dialect dialect, string baseUrl) => null;

    public void Authenticate(HttpRequestMessage request, Secret credential)
    {
        // Never ?key=: query strings end up in logs.
        request.Headers.Remove("x-goog-api-key");
        request.Headers.TryAddWithoutValidation("x-goog-api-key", credential.Reveal());
    }

    public IUpstreamReader CreateReader(UpstreamObservation observation) => new GeminiReader(observation);

    public IChatClient CreateChatClient(HttpClient http, string baseUrl, string model) => new GeminiChatClient(http, new Uri(baseUrl), model);
}
