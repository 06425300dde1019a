using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Usage;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Aistrale.Core.Inference.Providers;

/// <summary>What every provider with OpenAI's Chat Completions has in common.</summary>
internal abstract class OpenAICompatibleProvider : IProviderStrategy
{
    public abstract string Name { get; }

    public abstract string DisplayName { get; }

    public abstract string? DefaultBaseUrl { get; }

    public virtual Uri? NativeUri(Dialect dialect, string baseUrl) =>
        dialect == Dialect.ChatCompletions ? new Uri($"{baseUrl}/chat/completions") : null;

    public void Authenticate(HttpRequestMessage request, Secret credential) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.Reveal());

    public IUpstreamReader CreateReader(UpstreamObservation observation) => new ChatCompletionsReader(observation);

    public IChatClient CreateChatClient(HttpClient http, string baseUrl, string model) =>
        new OpenAIClient(new ApiKeyCredential("held-by-the-vault"), new OpenAIClientOptions
        {
            Endpoint = new Uri(baseUrl),
            Transport = new HttpClientPipelineTransport(http),
            // Retries and time limits are the engine's: three layers of them would pay three times.
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).GetChatClient(model).AsIChatClient();
}
