namespace Aistrale.Contracts;

/// <summary>Stable, snake_case codes that clients match on: <c>code</c> of a problem on /api, <c>error.code</c> on /v1.</summary>
public static class ErrorCodes
{
    // Shared
    public const string ValidationFailed = "validation_failed";
    public const string NotFound = "not_found";
    public const string NotSignedIn = "not_signed_in";
    public const string Forbidden = "forbidden";
    public const string Conflict = "conflict";
    public const string Stale = "stale";
    public const string PayloadTooLarge = "payload_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string ServiceUnavailable = "service_unavailable";
    public const string Internal = "internal_error";
    public const string CrossSiteRequest = "cross_site_request";

    // Sign-in
    public const string InvalidCredentials = "invalid_credentials";
    public const string TotpRequired = "totp_required";
    public const string PasswordChangeRequired = "password_change_required";
    public const string TooManyAttempts = "too_many_attempts";
    public const string InvalidSetupCode = "invalid_setup_code";
    public const string WeakPassword = "weak_password";
    public const string LastAdmin = "last_admin";

    // Inference
    public const string InvalidApiKey = "invalid_api_key";
    public const string InvalidRequest = "invalid_request";
    public const string UnsupportedParameter = "unsupported_parameter";
    public const string ModelNotAllowed = "model_not_allowed";
    public const string ModelUnpriced = "model_unpriced";
    public const string ModelNotFound = "model_not_found";
    public const string NoProviderToken = "no_provider_token";
    public const string RateLimitExceeded = "rate_limit_exceeded";
    public const string BudgetExceeded = "budget_exceeded";
    public const string ProviderError = "provider_error";
    public const string ProviderTimeout = "provider_timeout";
    public const string StreamInterrupted = "stream_interrupted";
    public const string Overloaded = "overloaded";
}
