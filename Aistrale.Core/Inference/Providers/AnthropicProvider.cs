using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Usage;
using Anthropic;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers;

internal sealed class AnthropicProvider : IProviderStrategy
{
    /// <summary>Messages demands an output limit; this one goes out when neither caller nor catalogue knows one.</summary>
    private const int DefaultMaxOutputTokens = 8_192;

    public string Name => Contracts.Providers.Anthropic;

    public string DisplayName => "Anthropic";

    public string? DefaultBaseUrl => "https://api.anthropic.com";

    public Uri? NativeUri(Dialect dialect, string baseUrl) => dialect == Dialect.Messages ? new Uri($"{baseUrl}/v1/messages") : null;

    public void Authenticate(HttpRequestMessage request, Secret credential)
    {
        // The SDK says Bearer; an API key belongs here.
        request.Headers.Authorization = null;
        request.Headers.Remove("x-api-key");
        request.Headers.TryAddWithoutValidation("x-api-key", credential.Reveal());
    }

    public IUpstreamReader CreateReader(UpstreamObservation observation) => new MessagesReader(observation);

    public IChatClient CreateChatClient(HttpClient http, string baseUrl, string model) => new AnthropicClient
    {
        // Set, because an unset key is looked up in the environment.
        ApiKey = "held-by-the-vault",
        BaseUrl = baseUrl,
        HttpClient = http,
        MaxRetries = 0,
        Timeout = TimeSpan.FromHours(1),
    }.AsIChatClient(model, DefaultMaxOutputTokens);
}
