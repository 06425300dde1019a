using System.Globalization;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects.ChatCompletions;

namespace Aistrale.ApiService.Gateway;

/// <summary>Errors of /v1 outside a call: in the shape that the caller's SDK expects.</summary>
internal static class GatewayErrors
{
    public static bool Covers(HttpContext context) => context.Request.Path.StartsWithSegments("/v1");

    public static async Task WriteAsync(HttpContext context, InferenceError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        ChatCompletionsErrors.Write(response.BodyWriter, error);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
