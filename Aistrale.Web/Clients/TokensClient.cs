using Aistrale.Contracts;

namespace Aistrale.Web.Clients;

internal sealed class TokensClient(ApiConnection api)
{
    public Task<ApiResult<IReadOnlyList<TokenResponse>>> ListAsync(CancellationToken ct) => api.GetAllAsync<TokenResponse>("/api/tokens", ct);

    public Task<ApiResult<TokenResponse>> CreateAsync(CreateTokenRequest request, CancellationToken ct) =>
        api.PostAsync<TokenResponse>("/api/tokens", request, ct);

    public Task<ApiProblem?> DeleteAsync(Guid id, CancellationToken ct) => api.DeleteAsync($"/api/tokens/{id}", ct);
}
