using Aistrale.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aistrale.BrowserTests.FakeApi;

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/setup", (FakeState state) =>
            state.IsSetUp ? Problems.Result(404, ErrorCodes.NotFound, "Set-up is done.") : Results.Ok(new SetupStateResponse(true)));
        routes.MapPost("/api/setup", SetUp);
        routes.MapPost("/api/auth/login", SignIn);
        routes.MapPost("/api/auth/logout", SignOut);
        routes.MapPost("/api/auth/password", ChangePassword);
        routes.MapPost("/api/auth/links/{code}", RedeemLink);
        routes.MapGet("/api/auth/me", (FakeState state, HttpRequest request) => Results.Ok(state.UserOf(request)));
    }

    private static IResult SetUp(SetupRequest request, FakeState state)
    {
        if (request.Code != FakeState.SetupCode)
        {
            return Problems.Result(400, ErrorCodes.InvalidSetupCode, "This code is not the one that was printed. Copy it from where Aistrale was started.");
        }

        if (request.Password.Length < 15)
        {
            return Problems.Result(400, ErrorCodes.WeakPassword, "Use 15 characters or more.");
        }

        (state.IsSetUp, state.AdminEmail, state.AdminName, state.AdminPassword) = (true, request.Email, request.DisplayName, request.Password);
        return Results.Created("/api/auth/me", state.Admin);
    }

    private static IResult SignIn(LoginRequest request, FakeState state, HttpResponse response)
    {
        if (request.Email != state.AdminEmail || request.Password != state.AdminPassword)
        {
            return Problems.Result(401, ErrorCodes.InvalidCredentials, "Email or password is wrong.");
        }

        response.Headers.Append("Set-Cookie", $"{FakeState.CookieName}={state.OpenSession()}; Path=/; HttpOnly; SameSite=Lax");
        return Results.Ok(new LoginResponse(state.Admin));
    }

    private static IResult ChangePassword(PasswordChange request, FakeState state, HttpContext context)
    {
        if (request.CurrentPassword != state.AdminPassword)
        {
            return Problems.Result(401, ErrorCodes.InvalidCredentials, "The password is not right.");
        }

        if (request.NewPassword.Length < 15)
        {
            return Problems.Result(400, ErrorCodes.WeakPassword, "Use 15 characters or more.");
        }

        (state.AdminPassword, state.MustChangePassword) = (request.NewPassword, false);
        state.EndAllSessions();
        context.Response.Headers.Append("Set-Cookie", $"{FakeState.CookieName}={state.OpenSession()}; Path=/; HttpOnly; SameSite=Lax");
        return Results.NoContent();
    }

    private static IResult RedeemLink(string code, NewPassword request, FakeState state)
    {
        if (code != FakeState.LinkCode)
        {
            return Problems.Result(404, ErrorCodes.NotFound, "This link was used already or has expired. Ask an administrator for a new one.");
        }

        state.AdminPassword = request.Password;
        return Results.NoContent();
    }

    private static IResult SignOut(FakeState state, HttpContext context)
    {
        state.EndSession(context.Request);
        context.Response.Headers.Append("Set-Cookie", $"{FakeState.CookieName}=; Path=/; HttpOnly; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        return Results.NoContent();
    }

    private sealed record PasswordChange(string CurrentPassword, string NewPassword);

    private sealed record NewPassword(string Password);
}
