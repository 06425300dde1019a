using Aistrale.Contracts;

namespace Aistrale.Web.Clients;

internal sealed class KeysClient(ApiConnection api)
{
    public Task<ApiResult<IReadOnlyList<KeyResponse>>> ListAsync(CancellationToken ct) => api.GetAllAsync<KeyResponse>("/api/keys", ct);

    public Task<ApiResult<CreatedKeyResponse>> CreateAsync(CreateKeyRequest request, CancellationToken ct) =>
        api.PostAsync<CreatedKeyResponse>("/api/keys", request, ct);

    public Task<ApiProblem?> RevokeAsync(Guid id, CancellationToken ct) => api.DeleteAsync($"/api/keys/{id}", ct);
}
