using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Aistrale.Core.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Auth;

internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Auth").RequireAuthorization(Policies.SignedIn);
        group.MapPost("/login", LoginAsync).AllowAnonymous().WithName("Login").WithSummary("Sign in; the answer sets the session cookie.");
        group.MapPost("/logout", LogoutAsync).WithName("Logout").WithSummary("End this session.");
        group.MapGet("/me", Me).WithName("GetCurrentUser").WithSummary("Who is signed in.");
    }

    private static async Task<Results<Ok<LoginResponse>, ProblemHttpResult>> LoginAsync(LoginRequest request, AuthService auth, HttpContext context, TimeProvider clock, CancellationToken ct)
    {
        var user = await auth.SignInAsync(request.Email, request.Password, ct);
        if (user.Failure is { } failure)
        {
            if (failure.Code == ErrorCodes.TooManyAttempts)
            {
                context.Response.Headers.RetryAfter = "5";
            }

            return failure.ToProblem();
        }

        await context.SignInAsync(user.Value, clock.GetUtcNow());
        return TypedResults.Ok(new LoginResponse(ToResponse(user.Value)));
    }

    // The parameter makes this a handler with a typed result; a lone HttpContext would make it a plain delegate.
    private static async Task<NoContent> LogoutAsync(HttpContext context, CurrentUser user)
    {
        await context.SignOutAsync(Schemes.Session);
        context.Response.Headers["Clear-Site-Data"] = "\"cookies\", \"storage\"";
        return TypedResults.NoContent();
    }

    private static Ok<CurrentUserResponse> Me(CurrentUser user) => TypedResults.Ok(ToResponse(user.Entry));

    private static CurrentUserResponse ToResponse(UserEntry user) =>
        new(user.Id, user.Email, user.DisplayName, user.Role, user.WorkspaceId, user.MustChangePassword, user.TotpEnabled);
}
