using Aistrale.Contracts;

namespace Aistrale.Web.Clients;

internal sealed class AuthClient(ApiConnection api)
{
    public Task<ApiResult<CurrentUserResponse>> GetCurrentUserAsync(CancellationToken ct) =>
        api.GetAsync<CurrentUserResponse>("/api/auth/me", ct);

    public Task<SignInResult> SignInAsync(LoginRequest request, CancellationToken ct) =>
        api.PostForCookiesAsync("/api/auth/login", request, ct);

    public Task<SignInResult> SignOutAsync(CancellationToken ct) =>
        api.PostForCookiesAsync("/api/auth/logout", null, ct);

    /// <summary>Answers 404 once the first admin exists.</summary>
    public Task<ApiResult<SetupStateResponse>> GetSetupStateAsync(CancellationToken ct) =>
        api.GetAsync<SetupStateResponse>("/api/setup", ct);

    public async Task<ApiProblem?> SetUpAsync(SetupRequest request, CancellationToken ct) =>
        (await api.PostForCookiesAsync("/api/setup", request, ct)).Problem;

    /// <summary>Ends all other sessions; this one goes on under the new cookie of the answer.</summary>
    public Task<SignInResult> ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken ct) =>
        api.PostForCookiesAsync("/api/auth/password", new { currentPassword, newPassword }, ct);

    /// <summary>Redeems an invitation or a reset link, once.</summary>
    public async Task<ApiProblem?> RedeemLinkAsync(string code, string password, CancellationToken ct) =>
        (await api.PostForCookiesAsync($"/api/auth/links/{Uri.EscapeDataString(code)}", new { password }, ct)).Problem;
}
