using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Tokens;

internal static class TokensEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/tokens").WithTags("Tokens").RequireAuthorization(Policies.Member);
        group.MapGet("/", ListAsync).WithName("ListTokens").WithSummary("Provider tokens that you may use, without their secrets.");
        group.MapPost("/", CreateAsync).WithName("CreateToken").WithSummary("Store a provider token, encrypted.");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetToken");
        group.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteToken");
    }

    private static async Task<Ok<Page<TokenResponse>>> ListAsync(TokenService tokens, CurrentUser user, CancellationToken ct) =>
        TypedResults.Ok(await tokens.ListAsync(user.Entry, ct));

    private static async Task<Results<Created<TokenResponse>, ProblemHttpResult>> CreateAsync(CreateTokenRequest request, TokenService tokens, CurrentUser user, CancellationToken ct)
    {
        var token = await tokens.CreateAsync(user.Entry, request, ct);
        return token.Failure is { } failure ? failure.ToProblem() : TypedResults.Created($"/api/tokens/{token.Value.Id}", token.Value);
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> GetAsync(Guid id, TokenService tokens, CurrentUser user, CancellationToken ct) =>
        await tokens.FindAsync(user.Entry, id, ct) is { } token ? TypedResults.Ok(token) : Problems.NotFound("token");

    // A token that belongs to someone else is reported exactly like one that does not exist.
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, TokenService tokens, CurrentUser user, CancellationToken ct) =>
        await tokens.DeleteAsync(user.Entry, id, ct) ? TypedResults.NoContent() : Problems.NotFound("token");
}
