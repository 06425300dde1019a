using System.Security.Claims;
using System.Text.Encodings.Web;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Keys;
using Aistrale.Core.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Aistrale.ApiService.Gateway;

/// <summary>Reads an Aistrale key from <c>Authorization: Bearer</c> or <c>x-api-key</c>. Its owner's rights are looked up each time.</summary>
internal sealed class KeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    KeyDirectory keys,
    UserDirectory users,
    TimeProvider clock) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string BearerPrefix = "Bearer ";

    private InferenceError _refusal = Refusal("You didn't provide an Aistrale key. Send it as 'Authorization: Bearer ais_live_…'; keys are made in the console under Keys.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadKey() is not { Length: > 0 } text)
        {
            return AuthenticateResult.NoResult();
        }

        var (result, key) = await keys.FindAsync(text, Context.RequestAborted);
        if (result == KeyLookup.Undecided || (result == KeyLookup.Found && !users.IsLoaded))
        {
            _refusal = new InferenceError(503, ErrorCodes.ServiceUnavailable, "The key cannot be checked at this moment. Try again in a few seconds.", RetryAfter: TimeSpan.FromSeconds(5));
            return AuthenticateResult.Fail("undecided");
        }

        // Looked up once: the directory may change between two looks.
        var owner = key is null ? null : users.FindActive(key.OwnerId);
        if (Refuse(key, owner) is { } reason)
        {
            _refusal = Refusal(reason);
            return AuthenticateResult.Fail("refused");
        }

        Context.Features.Set(new CurrentUser(owner!, key));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner!.Id.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (GatewayErrors.Covers(Context))
        {
            return GatewayErrors.WriteAsync(Context, _refusal);
        }

        return Problems.WriteAsync(Context, _refusal.Status, _refusal.Code, _refusal.Message);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        const string Detail = "This key's scopes, or its owner's role, do not allow this.";
        return GatewayErrors.Covers(Context)
            ? GatewayErrors.WriteAsync(Context, new InferenceError(403, ErrorCodes.Forbidden, Detail))
            : Problems.WriteAsync(Context, 403, ErrorCodes.Forbidden, Detail);
    }

    private string? ReadKey()
    {
        var authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? authorization[BearerPrefix.Length..].Trim()
            : Request.Headers["x-api-key"].ToString();
    }

    private string? Refuse(KeyEntry? key, UserEntry? owner) => key switch
    {
        null => "This Aistrale key is not valid. Check that it was copied whole.",
        { RevokedAt: not null } => "This Aistrale key has been revoked.",
        { ExpiresAt: { } expiry } when expiry <= clock.GetUtcNow() => "This Aistrale key has expired. Make a new one in the console.",
        _ when owner is null => "The owner of this Aistrale key is no longer active.",
        _ => null,
    };

    private static InferenceError Refusal(string message) => new(401, ErrorCodes.InvalidApiKey, message);
}
