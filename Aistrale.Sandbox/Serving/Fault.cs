namespace Aistrale.Sandbox.Serving;

internal enum FaultKind
{
    /// <summary>The <c>fail</c> directive: the status alone decides type and code.</summary>
    Scripted,
    MissingKey,
    InvalidKey,
    UnknownModel,
    UnknownRoute,
    InvalidRequest,
    TooLarge,

    /// <summary>The error event in the middle of a stream.</summary>
    MidStream,
}

/// <summary>An error answer before a provider gives it its shape.</summary>
internal sealed record Fault(int Status, FaultKind Kind, string Message, string? Code = null, string? Param = null, int? RetryAfterS = null)
{
    public static Fault Invalid(string message, string? param = null, string? code = null) =>
        new(StatusCodes.Status400BadRequest, FaultKind.InvalidRequest, message, code, param);

    public static Fault Scripted(int status, string? code, int? retryAfterS) => new(
        status,
        FaultKind.Scripted,
        status switch
        {
            400 => "The request could not be understood.",
            401 => "The key was refused.",
            402 => "The account has no credit left.",
            403 => "This key may not do that.",
            404 => "There is no such model.",
            408 => "The request took too long to arrive.",
            409 => "The request conflicts with another one.",
            413 => "The request is too large.",
            422 => "The request is well formed but cannot be processed.",
            429 when code == "insufficient_quota" => "The quota of this account is used up.",
            429 => "Too many requests; slow down.",
            498 => "No flex capacity is free at the moment.",
            500 => "The provider failed.",
            502 => "The provider got a bad answer from behind.",
            503 => "The provider is over capacity.",
            504 => "The provider took too long.",
            529 => "The provider is overloaded.",
            _ => $"The provider answered {status}.",
        },
        code,
        RetryAfterS: retryAfterS);
}
