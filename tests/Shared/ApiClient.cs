using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aistrale.Contracts;

namespace Aistrale.Tests.Shared;

/// <summary>The console API as the console uses it: with a session cookie and the public origin.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly Uri _publicOrigin;

    public ApiClient(Uri api, Uri publicOrigin)
    {
        _publicOrigin = publicOrigin;
        Cookies = new CookieContainer();
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false }) { BaseAddress = api };
        Http.DefaultRequestHeaders.Add("Origin", _publicOrigin.GetLeftPart(UriPartial.Authority));
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies { get; }

    public async Task<CurrentUserResponse> LoginAsync(string email, string password, CancellationToken ct)
    {
        using var response = await Http.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password), ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<LoginResponse>(ct))!.User;
    }

    public async Task<CreatedKeyResponse> CreateKeyAsync(CreateKeyRequest request, CancellationToken ct)
    {
        using var response = await Http.PostAsJsonAsync("/api/keys", request, ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<CreatedKeyResponse>(ct))!;
    }

    public async Task<T> GetAsync<T>(string path, CancellationToken ct) => (await Http.GetFromJsonAsync<T>(path, ct))!;

    /// <summary>A POST to /v1 with an Aistrale key, body as it is.</summary>
    public static HttpRequestMessage Gateway(string path, string json, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    public static string Chat(string model, string text, bool stream = false) =>
        JsonSerializer.Serialize(new { model, stream, messages = new[] { new { role = "user", content = text } } });

    public void Dispose() => Http.Dispose();
}
