using Aistrale.ApiService.Http;
using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Auth;

internal static class SetupEndpoints
{
    public static void MapSetup(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/setup").WithTags("Setup").AllowAnonymous();
        group.MapGet("/", GetAsync).WithName("GetSetup").WithSummary("Answers until the first admin exists, then 404.");
        group.MapPost("/", ClaimAsync).WithName("ClaimSetup").WithSummary("Make the first admin with the one-time code.");
    }

    private static async Task<Results<Ok<SetupStateResponse>, ProblemHttpResult>> GetAsync(SetupService setup, CancellationToken ct) =>
        await setup.IsOpenAsync(ct) ? TypedResults.Ok(new SetupStateResponse(CodeRequired: true)) : Problems.NotFound("route");

    private static async Task<Results<Created, ProblemHttpResult>> ClaimAsync(SetupRequest request, SetupService setup, CancellationToken ct)
    {
        if (!await setup.IsOpenAsync(ct))
        {
            return Problems.NotFound("route");
        }

        var claimed = await setup.ClaimAsync(request, ct);
        return claimed.Failure is { } failure ? failure.ToProblem() : TypedResults.Created($"/api/users/{claimed.Value}");
    }
}
