using System.Net.Http.Json;
using Aistrale.Contracts;
using Aistrale.IntegrationTests;
using Aistrale.Tests.Shared;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedStack))]

namespace Aistrale.IntegrationTests;

/// <summary>One running product for all tests that leave it as it is; started by the first of them.</summary>
public sealed class SharedStack : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private LocalStack? _stack;
    private ApiClient? _admin;
    private string? _key;

    public LocalStack Stack => _stack ?? throw new InvalidOperationException("Call UseAsync first.");

    /// <summary>The first admin's session.</summary>
    public ApiClient Admin => _admin!;

    /// <summary>A key of the first admin that may do everything.</summary>
    public string Key => _key!;

    public async Task UseAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (_key is not null)
            {
                return;
            }

            _stack ??= await LocalStack.StartAsync(ct);
            _admin = new ApiClient(_stack.ApiOrigin, _stack.WebOrigin);
            await _admin.LoginAsync(_stack.AdminEmail, _stack.AdminPassword, ct);
            _key = (await _admin.CreateKeyAsync(new CreateKeyRequest("tests"), ct)).Key;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        _starting.Dispose();
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }
    }
}

/// <summary>Base of tests against the running product.</summary>
public abstract class StackTest(SharedStack shared) : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected LocalStack Stack => shared.Stack;

    protected ApiClient Admin => shared.Admin;

    protected string Key => shared.Key;

    public async ValueTask InitializeAsync() => await shared.UseAsync(Ct);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends a chat completion with <see cref="Key"/>.</summary>
    protected Task<HttpResponseMessage> ChatAsync(string json, string? key = null) => Admin.Http.SendAsync(ApiClient.Gateway("/v1/chat/completions", json, key ?? Key), Ct);

    /// <summary>The record of a call, once it has reached the database.</summary>
    protected async Task<RequestDetailResponse> RecordAsync(string id)
    {
        RequestDetailResponse? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await Admin.Http.GetAsync($"/api/telemetry/requests/{id}", Ct);
                found = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<RequestDetailResponse>(Ct) : null;
                return found is not null;
            },
            () => $"The record of {id} never came. {Stack.LogOf(LocalStack.ApiService, 20)}",
            Ct);
        return found!;
    }
}
