using System.Globalization;
using System.Security.Claims;
using Aistrale.ApiService.Gateway;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.SecurityAudit;
using Aistrale.Contracts;
using Aistrale.Core.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Aistrale.ApiService.Sessions;

internal static class SessionRegistration
{
    private const string EpochClaim = "epoch";
    private const string StartedKey = "started";
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AbsoluteLimit = TimeSpan.FromHours(12);
    private static readonly TimeSpan AdminAbsoluteLimit = TimeSpan.FromHours(8);

    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SessionCookie>().AddSingleton<ITicketStore, RedisTicketStore>();
        builder.Services.AddAuthentication(Schemes.Either)
            .AddPolicyScheme(Schemes.Either, displayName: null, options => options.ForwardDefaultSelector = Select)
            .AddCookie(Schemes.Session)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthenticationHandler>(Schemes.Key, configureOptions: null);
        builder.Services.AddOptions<CookieAuthenticationOptions>(Schemes.Session).Configure<ITicketStore, SessionCookie>(Configure);
        builder.Services.AddAuthorization(Policies.Configure);
    }

    public static void UseSessions(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseMiddleware<AuditOriginMiddleware>();
        app.UseAuthorization();
    }

    /// <summary>Begins a session; its cookie goes out with this answer.</summary>
    public static Task SignInAsync(this HttpContext context, UserEntry user, DateTimeOffset now)
    {
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()), new Claim(EpochClaim, user.SessionEpoch.ToString(CultureInfo.InvariantCulture))],
            Schemes.Session);
        var properties = new AuthenticationProperties { Items = { [StartedKey] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) } };
        return context.SignInAsync(Schemes.Session, new ClaimsPrincipal(identity), properties);
    }

    private static string Select(HttpContext context) =>
        GatewayErrors.Covers(context) || context.Request.Headers.ContainsKey("Authorization") || context.Request.Headers.ContainsKey("x-api-key")
            ? Schemes.Key
            : Schemes.Session;

    private static void Configure(CookieAuthenticationOptions options, ITicketStore store, SessionCookie cookie)
    {
        options.SessionStore = store;
        options.TicketDataFormat = new SessionIdFormat();
        options.ExpireTimeSpan = IdleLimit;
        options.SlidingExpiration = true;
        options.Cookie.Name = cookie.Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = cookie.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToLogin = context => Problems.WriteAsync(context.HttpContext, 401, ErrorCodes.NotSignedIn, "Sign in first.");
        options.Events.OnRedirectToAccessDenied = context => Problems.WriteAsync(context.HttpContext, 403, ErrorCodes.Forbidden, "Your role does not allow this.");
    }

    // The session says who; what that user may do is looked up each time.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        if (!services.GetRequiredService<UserDirectory>().IsLoaded)
        {
            // To reject the session would end it for good, because the database was away for a moment while this process started.
            throw new SessionStoreUnavailableException(new InvalidOperationException("The users are not loaded yet."));
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (Guid.TryParse(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            && services.GetRequiredService<UserDirectory>().FindActive(id) is { } user
            && context.Principal.FindFirstValue(EpochClaim) == user.SessionEpoch.ToString(CultureInfo.InvariantCulture)
            && now - Started(context.Properties) < (user.Role == Roles.Admin ? AdminAbsoluteLimit : AbsoluteLimit))
        {
            context.HttpContext.Features.Set(new CurrentUser(user, Key: null));
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Schemes.Session);
    }

    private static DateTimeOffset Started(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(StartedKey, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UnixEpoch;
}
