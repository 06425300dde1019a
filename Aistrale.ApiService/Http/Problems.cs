using System.Diagnostics;
using Aistrale.Contracts;
using Aistrale.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aistrale.ApiService.Http;

/// <summary>Errors of /api: RFC 9457 with a stable <c>code</c> and the trace id.</summary>
internal static class Problems
{
    public static ProblemHttpResult ToProblem(this Failure failure)
    {
        var problem = Create(Status(failure.Code), failure.Code, failure.Message);
        if (failure.Field is { } field)
        {
            problem.Extensions["errors"] = new Dictionary<string, string[]> { [field] = [failure.Message] };
        }

        return TypedResults.Problem(problem);
    }

    public static ProblemHttpResult NotFound(string what) => TypedResults.Problem(Create(404, ErrorCodes.NotFound, $"There is no such {what}."));

    public static async Task WriteAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(Create(status, code, detail), options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    public static ProblemDetails Create(int status, string code, string detail) => new()
    {
        Status = status,
        Title = Title(status),
        Detail = detail,
        Extensions = { ["code"] = code, ["traceId"] = Activity.Current?.TraceId.ToHexString() },
    };

    /// <summary>The code for an answer that only has a status.</summary>
    public static string Code(int status) => status switch
    {
        400 => ErrorCodes.ValidationFailed,
        401 => ErrorCodes.NotSignedIn,
        403 => ErrorCodes.Forbidden,
        404 => ErrorCodes.NotFound,
        405 => ErrorCodes.MethodNotAllowed,
        409 => ErrorCodes.Conflict,
        412 => ErrorCodes.Stale,
        413 => ErrorCodes.PayloadTooLarge,
        415 => ErrorCodes.UnsupportedMediaType,
        429 => ErrorCodes.RateLimitExceeded,
        < 500 => ErrorCodes.ValidationFailed,
        503 => ErrorCodes.ServiceUnavailable,
        _ => ErrorCodes.Internal,
    };

    private static int Status(string code) => code switch
    {
        ErrorCodes.InvalidCredentials => 401,
        ErrorCodes.Forbidden => 403,
        ErrorCodes.NotFound => 404,
        ErrorCodes.Conflict or ErrorCodes.LastAdmin => 409,
        ErrorCodes.Stale => 412,
        ErrorCodes.TooManyAttempts => 429,
        ErrorCodes.ServiceUnavailable => 503,
        _ => 400,
    };

    private static string Title(int status) => status switch
    {
        400 => "The request is not valid.",
        401 => "Not signed in.",
        403 => "Not allowed.",
        404 => "Not found.",
        405 => "This method is not available here.",
        409 => "This conflicts with what is stored.",
        412 => "This was changed in the meantime.",
        413 => "The request is too large.",
        415 => "This media type is not understood here.",
        429 => "Too many requests.",
        503 => "Not available at this moment.",
        _ => "Something failed on our side.",
    };
}
