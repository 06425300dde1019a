using System.Collections.Concurrent;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Tokens;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Upstream;

/// <summary>
/// One chain of handlers and one connection pool per provider, for both lanes: tap, credential, socket. No retries and no time-outs here:
/// those are the engine's, once.
/// </summary>
internal sealed class ProviderHttp(TokenVault vault, TimeProvider clock) : IDisposable
{
    private const int MaxChatClients = 1_000;
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new();
    private readonly ConcurrentDictionary<(string Provider, string BaseUrl, string Model), IChatClient> _chatClients = new();

    public HttpClient Client(string provider) => _clients.GetOrAdd(provider, _ => Create());

    /// <summary>A client for the translated lane. It is kept, because it holds no credential.</summary>
    public IChatClient ChatClient(RouteTarget target)
    {
        if (_chatClients.Count >= MaxChatClients)
        {
            // Model names are callers' input; the clients are light and made again at need.
            _chatClients.Clear();
        }

        return _chatClients.GetOrAdd(
            (target.Provider.Name, target.Token.BaseUrl, target.Model),
            _ => target.Provider.CreateChatClient(Client(target.Provider.Name), target.Token.BaseUrl, target.Model));
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private HttpClient Create()
    {
        var socket = new SocketsHttpHandler
        {
            // A redirect or a proxy could carry a credential to where it was not meant to go; a cookie jar would be shared by all callers.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,

            // Our trace ids are nobody else's business; the call's span is ours, not the HTTP client's.
            ActivityHeadersPropagator = null,
        };
        var chain = new TapHandler(clock) { InnerHandler = new CredentialHandler(vault) { InnerHandler = socket } };
        return new HttpClient(chain) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
