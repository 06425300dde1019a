using Aistrale.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aistrale.BrowserTests.FakeApi;

internal static class KeyAndTokenEndpoints
{
    public static void MapKeysAndTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/keys", (FakeState state) => new Page<KeyResponse>([.. state.Keys], null));
        routes.MapPost("/api/keys", CreateKey);
        routes.MapDelete("/api/keys/{id:guid}", (Guid id, FakeState state) =>
        {
            var at = state.Keys.FindIndex(key => key.Id == id);
            state.Keys[at] = state.Keys[at] with { Status = "revoked", RevokedAt = TimeProvider.System.GetUtcNow() };
            return Results.NoContent();
        });
        routes.MapGet("/api/tokens", (FakeState state) => new Page<TokenResponse>([.. state.Tokens], null));
        routes.MapPost("/api/tokens", CreateToken);
        routes.MapDelete("/api/tokens/{id:guid}", (Guid id, FakeState state) =>
        {
            state.Tokens.RemoveAll(token => token.Id == id);
            return Results.NoContent();
        });
    }

    private static IResult CreateKey(CreateKeyRequest request, FakeState state)
    {
        var now = TimeProvider.System.GetUtcNow();
        var key = new CreatedKeyResponse
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name,
            Hint = "Zq7w",
            Key = "ais_9fK2pT4vX8mR3bN6cJ1hLd5sGy0aE7uWZq7w",
            Scopes = request.Scopes ?? [KeyScopes.Inference],
            Models = request.Models,
            OwnerId = state.Admin.Id,
            CreatedAt = now,
            ExpiresAt = request.ExpiresAt ?? now.AddDays(90),
            Status = "active",
        };
        state.Keys.Insert(0, new KeyResponse
        {
            Id = key.Id,
            Name = key.Name,
            Hint = key.Hint,
            Scopes = key.Scopes,
            Models = key.Models,
            OwnerId = key.OwnerId,
            CreatedAt = key.CreatedAt,
            ExpiresAt = key.ExpiresAt,
            Status = key.Status,
        });
        return Results.Created($"/api/keys/{key.Id}", key);
    }

    private static IResult CreateToken(CreateTokenRequest request, FakeState state)
    {
        if (state.Tokens.Any(token => token.Provider == request.Provider && token.Label == request.Label))
        {
            return Problems.Result(400, ErrorCodes.ValidationFailed, "The token was not stored.", new() { ["label"] = ["You already have a token of this provider with this label."] });
        }

        var now = TimeProvider.System.GetUtcNow();
        var token = new TokenResponse(
            Guid.CreateVersion7(now), request.Provider, request.Label, request.Secret[^4..], request.BaseUrl ?? SampleData.BaseUrlOf(request.Provider),
            request.IsDefault, request.Visibility, now, null, "active");
        state.Tokens.Insert(0, token);
        return Results.Created($"/api/tokens/{token.Id}", token);
    }
}
