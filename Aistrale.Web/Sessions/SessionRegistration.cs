using Aistrale.Web.Clients;
using Aistrale.Web.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;

namespace Aistrale.Web.Sessions;

internal static class SessionRegistration
{
    private const string KeyRingPath = "DataProtection:Path";

    public static void AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(SessionIdentity.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiSessionAuthenticationHandler>(SessionIdentity.Scheme, null);
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddScoped<CurrentSession>();
        services.AddScoped<AuthenticationStateProvider, ApiSessionStateProvider>();
        services.AddScoped<CircuitHandler, SessionCircuitHandler>();
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.SameSite = SameSiteMode.Strict);
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        AddKeyRing(services, configuration[KeyRingPath]);
    }

    public static void MapSessions(this WebApplication app)
    {
        // The form's token names the user it was made for, so the user must be known when it is checked.
        app.MapPost("/logout", SignOutAsync).RequireAuthorization();
    }

    // The ring protects antiforgery tokens and circuit ids, no secret of the product (rulings 19). All instances of Web share it.
    private static void AddKeyRing(IServiceCollection services, string? path)
    {
        var ring = services.AddDataProtection().SetApplicationName("Aistrale.Web");
        if (string.IsNullOrWhiteSpace(path))
        {
            return;
        }

        var folder = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ring.PersistKeysToFileSystem(folder);
    }

    // A full-page post: a circuit can neither receive nor drop a cookie.
    private static async Task<IResult> SignOutAsync(
        HttpContext context, IAntiforgery antiforgery, AuthClient auth, CurrentSession session, PublicOrigins origins)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        }

        session.Credentials = context.Request.ReadCredentials(origins);
        var signedOut = await auth.SignOutAsync(context.RequestAborted);
        if (signedOut.Problem is { IsUnavailable: true })
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.CopyCookies(signedOut.Cookies);
        // Drafts of the playground lie in the tab's storage; the next person at this browser must not find them.
        context.Response.Headers["Clear-Site-Data"] = "\"storage\"";
        return TypedResults.LocalRedirect("/login");
    }
}
