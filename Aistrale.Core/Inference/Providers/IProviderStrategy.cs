using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Usage;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Providers;

/// <summary>All that differs from provider to provider: where it is, how it wants its credential, which wire formats it speaks.</summary>
internal interface IProviderStrategy
{
    /// <summary>One of <see cref="Contracts.Providers"/>.</summary>
    string Name { get; }

    string DisplayName { get; }

    /// <summary>What the provider's SDK takes as its base URL; null when there is no default.</summary>
    string? DefaultBaseUrl { get; }

    /// <summary>Where a request in <paramref name="dialect"/> goes as it is; null when the provider does not speak it.</summary>
    Uri? NativeUri(Dialect dialect, string baseUrl);

    /// <summary>Puts the credential where this provider looks for it. Called last, closest to the socket.</summary>
    void Authenticate(HttpRequestMessage request, Secret credential);

    /// <summary>Reads usage, stop reason and errors off what the provider sends.</summary>
    IUpstreamReader CreateReader(UpstreamObservation observation);

    /// <summary>A client for the translated lane. It holds no credential: <paramref name="http"/> adds it.</summary>
    IChatClient CreateChatClient(HttpClient http, string baseUrl, string model);
}
