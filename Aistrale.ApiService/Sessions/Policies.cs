using Aistrale.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace Aistrale.ApiService.Sessions;

internal static class Schemes
{
    public const string Session = "Session";
    public const string Key = "Key";

    /// <summary>Chooses between the two by what the request brings.</summary>
    public const string Either = "Either";
}

/// <summary>Who may use a route. Everything not said otherwise needs a signed-in person.</summary>
internal static class Policies
{
    /// <summary>A signed-in person, whatever the role.</summary>
    public const string SignedIn = nameof(SignedIn);

    /// <summary>May call models: a person who is no auditor, or a key with the scope whose owner is none.</summary>
    public const string Inference = nameof(Inference);

    /// <summary>May read usage: any person, or a key with the scope.</summary>
    public const string TelemetryRead = nameof(TelemetryRead);

    /// <summary>May own things: a person who is no auditor.</summary>
    public const string Member = nameof(Member);

    /// <summary>Runs the installation: a signed-in admin.</summary>
    public const string Admin = nameof(Admin);

    /// <summary>May read the security audit: a signed-in admin or auditor.</summary>
    public const string AuditRead = nameof(AuditRead);

    public static void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(SignedIn, policy => Require(policy, user => user.Key is null));
        options.AddPolicy(Member, policy => Require(policy, user => user.Key is null && user.Entry.Role != Roles.Auditor));
        options.AddPolicy(Inference, policy => Require(policy, user => user.Entry.Role != Roles.Auditor && HasScope(user, KeyScopes.Inference)));
        options.AddPolicy(TelemetryRead, policy => Require(policy, user => HasScope(user, KeyScopes.TelemetryRead)));
        options.AddPolicy(Admin, policy => Require(policy, user => user.Key is null && user.Entry.Role == Roles.Admin));
        options.AddPolicy(AuditRead, policy => Require(policy, user => user.Key is null && user.Entry.Role is (Roles.Admin or Roles.Auditor)));
        options.FallbackPolicy = options.GetPolicy(SignedIn);
    }

    private static bool HasScope(CurrentUser user, string scope) => user.Key is null || user.Key.Scopes.Contains(scope);

    private static void Require(AuthorizationPolicyBuilder policy, Func<CurrentUser, bool> allows) => policy
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.Resource is HttpContext http && http.Features.Get<CurrentUser>() is { } user && allows(user));
}
