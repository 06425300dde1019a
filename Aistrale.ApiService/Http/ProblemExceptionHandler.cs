using System.Text.Json;
using Aistrale.ApiService.Gateway;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Inference;
using Microsoft.AspNetCore.Diagnostics;

namespace Aistrale.ApiService.Http;

/// <summary>The edge where an exception becomes an answer: in the caller's dialect under /v1, as a problem elsewhere. Never a stack trace.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return true;
        }

        var (status, code, detail) = Describe(exception);
        if (status >= 500)
        {
            LogFailed(exception, httpContext.Request.Method, httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName);
        }

        if (status == 503)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        if (GatewayErrors.Covers(httpContext))
        {
            await GatewayErrors.WriteAsync(httpContext, new InferenceError(status, code, detail));
        }
        else
        {
            await Problems.WriteAsync(httpContext, status, code, detail);
        }

        return true;
    }

    private static (int Status, string Code, string Detail) Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: 413 } => (413, ErrorCodes.PayloadTooLarge, "The request body is larger than this route accepts."),
        BadHttpRequestException { StatusCode: 415 } => (415, ErrorCodes.UnsupportedMediaType, "Send the body as application/json."),
        BadHttpRequestException { InnerException: JsonException json } => (400, ErrorCodes.ValidationFailed, $"The body cannot be read: {Explain(json)}"),
        BadHttpRequestException bad => (bad.StatusCode, Problems.Code(bad.StatusCode), "The request is not well-formed."),
        SessionStoreUnavailableException => (503, ErrorCodes.ServiceUnavailable, "Sessions cannot be looked up at this moment. Try again in a few seconds."),
        _ when DatabaseErrors.IsUnstorableText(exception) => (400, ErrorCodes.ValidationFailed, "The request holds the character U+0000, which cannot be stored. Leave it out."),
        _ when DatabaseErrors.IsUnavailable(exception) => (503, ErrorCodes.ServiceUnavailable, "The database does not answer at this moment. Try again in a few seconds."),
        _ => (500, ErrorCodes.Internal, "This is our fault. The request's trace id helps to find out more."),
    };

    // System.Text.Json's message ends with the path and position, and can name an internal type before that.
    private static string Explain(JsonException json) => json.Path is { Length: > 0 } path
        ? $"look at {path}, line {json.LineNumber + 1}. A member may be unknown, missing, given twice, or of another type."
        : "it is not valid JSON.";

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed")]
    private partial void LogFailed(Exception exception, string method, string? endpoint);
}
