namespace Aistrale.ApiService.Http;

/// <summary>The id that <c>x-request-id</c> answers with: the caller's own if it sent one, else the call's, under which telemetry finds it.</summary>
internal static class RequestIds
{
    private const int MaxChars = 128;

    public static string Of(HttpContext context)
    {
        var given = context.Request.Headers["x-request-id"].ToString();
        return given.Length is > 0 and <= MaxChars && !given.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? given
            : context.Features.Get<CallId>()?.Value.ToString() ?? context.TraceIdentifier;
    }

    public static void SetCall(HttpContext context, Guid id) => context.Features.Set(new CallId(id));

    private sealed record CallId(Guid Value);
}
