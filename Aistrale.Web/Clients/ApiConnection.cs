using System.Net;
using Aistrale.Contracts;
using Aistrale.Web.Sessions;

namespace Aistrale.Web.Clients;

/// <summary>Calls ApiService in the name of this scope's session; the typed clients sit on top.</summary>
internal sealed class ApiConnection : IDisposable
{
    public const string HttpClientName = "api";

    private const int MaxListItems = 5_000;
    private static readonly Uri BaseAddress = new($"http://{ResourceNames.ApiService}");
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    private readonly CurrentSession _session;
    private readonly HttpClient _http;

    public ApiConnection(CurrentSession session, IHttpMessageHandlerFactory handlers)
    {
        _session = session;
        _http = new HttpClient(new SessionForwardingHandler(session) { InnerHandler = handlers.CreateHandler(HttpClientName) }, disposeHandler: false)
        {
            BaseAddress = BaseAddress,
            // Streams end when they end; plain calls get their own limit below.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Task<ApiResult<T>> GetAsync<T>(string path, CancellationToken ct) => CallAsync<T>(HttpMethod.Get, path, null, ct);

    /// <summary>All items of a list that is short by nature, page after page.</summary>
    public async Task<ApiResult<IReadOnlyList<T>>> GetAllAsync<T>(string path, CancellationToken ct)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var query = cursor is null ? "?limit=200" : $"?limit=200&cursor={Uri.EscapeDataString(cursor)}";
            var page = await GetAsync<Page<T>>(path + query, ct);
            if (!page.IsOk)
            {
                return new ApiResult<IReadOnlyList<T>>(null, page.Problem);
            }

            items.AddRange(page.Value.Items);
            cursor = page.Value.NextCursor;
        }
        while (cursor is not null && items.Count < MaxListItems);

        return new ApiResult<IReadOnlyList<T>>(items, null);
    }

    public Task<ApiResult<T>> PostAsync<T>(string path, object? body, CancellationToken ct) => CallAsync<T>(HttpMethod.Post, path, body, ct);

    /// <summary>Null when it was done.</summary>
    public async Task<ApiProblem?> DeleteAsync(string path, CancellationToken ct) =>
        (await ExchangeAsync(HttpMethod.Delete, path, null, static (_, _) => Task.FromResult<object?>(null), ct)).Problem;

    /// <summary>A post whose answer sets cookies; what its body says is not needed.</summary>
    public async Task<SignInResult> PostForCookiesAsync(string path, object? body, CancellationToken ct)
    {
        var result = await ExchangeAsync(HttpMethod.Post, path, body, static (response, _) => Task.FromResult<ApiCookies?>(ApiCookies.Of(response)), ct);
        return new SignInResult(result.Value ?? ApiCookies.None, result.Problem);
    }

    /// <summary>A post whose answer is read while it arrives. The caller disposes the response.</summary>
    public async Task<ApiResult<HttpResponseMessage>> OpenStreamAsync(string path, object body, CancellationToken ct)
    {
        try
        {
            using var request = NewRequest(HttpMethod.Post, path, body);
            request.Headers.Accept.ParseAdd("text/event-stream");
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode)
            {
                return new ApiResult<HttpResponseMessage>(response, null);
            }

            using (response)
            {
                return new ApiResult<HttpResponseMessage>(null, await ReadProblemAsync(response, ct));
            }
        }
        catch (HttpRequestException)
        {
            return new ApiResult<HttpResponseMessage>(null, ApiProblem.Unreachable);
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<ApiResult<T>> CallAsync<T>(HttpMethod method, string path, object? body, CancellationToken ct) =>
        ExchangeAsync(method, path, body, static (response, ct) => response.Content.ReadFromJsonAsync<T>(ct), ct);

    private async Task<ApiResult<T>> ExchangeAsync<T>(
        HttpMethod method, string path, object? body, Func<HttpResponseMessage, CancellationToken, Task<T?>> read, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(CallTimeout);
        try
        {
            using var request = NewRequest(method, path, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode
                ? new ApiResult<T>(await read(response, limit.Token), null)
                : new ApiResult<T>(default, await ReadProblemAsync(response, limit.Token));
        }
        catch (HttpRequestException)
        {
            return new ApiResult<T>(default, ApiProblem.Unreachable);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ApiResult<T>(default, ApiProblem.Unreachable);
        }
    }

    private async Task<ApiProblem> ReadProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var problem = ApiProblem.Parse((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct));
        if (response.StatusCode == HttpStatusCode.Unauthorized && problem.Code == ErrorCodes.NotSignedIn)
        {
            _session.ReportEnded();
        }

        return problem;
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, string path, object? body) => new(method, path)
    {
        Content = body is null ? null : JsonContent.Create(body, body.GetType()),
    };
}
