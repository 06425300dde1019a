using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Keys;

internal static class KeysEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/keys").WithTags("Keys").RequireAuthorization(Policies.Member);
        group.MapGet("/", ListAsync).WithName("ListKeys").WithSummary("Your Aistrale keys; an admin sees all of the workspace.");
        group.MapPost("/", CreateAsync).WithName("CreateKey").WithSummary("Make a key. The answer is the only one that carries it.");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetKey");
        group.MapDelete("/{id:guid}", RevokeAsync).WithName("RevokeKey").WithSummary("Revoke a key; calls with it are refused within a second.");
    }

    private static async Task<Ok<Page<KeyResponse>>> ListAsync(KeyService keys, CurrentUser user, CancellationToken ct) =>
        TypedResults.Ok(await keys.ListAsync(user.Entry, ct));

    private static async Task<Results<Created<CreatedKeyResponse>, ProblemHttpResult>> CreateAsync(CreateKeyRequest request, KeyService keys, CurrentUser user, CancellationToken ct)
    {
        var key = await keys.CreateAsync(user.Entry, request, ct);
        return key.Failure is { } failure ? failure.ToProblem() : TypedResults.Created($"/api/keys/{key.Value.Id}", key.Value);
    }

    private static async Task<Results<Ok<KeyResponse>, ProblemHttpResult>> GetAsync(Guid id, KeyService keys, CurrentUser user, CancellationToken ct) =>
        await keys.FindAsync(user.Entry, id, ct) is { } key ? TypedResults.Ok(key) : Problems.NotFound("key");

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, KeyService keys, CurrentUser user, CancellationToken ct) =>
        await keys.RevokeAsync(user.Entry, id, ct) ? TypedResults.NoContent() : Problems.NotFound("key");
}
