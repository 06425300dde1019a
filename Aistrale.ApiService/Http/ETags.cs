using System.Globalization;
using Aistrale.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Http;

/// <summary><c>ETag</c> of one item, and <c>If-Match</c> of a change to it. A change without <c>If-Match</c> is taken.</summary>
internal static class ETags
{
    public static void Set(HttpContext context, int version) => Set(context, version.ToString(CultureInfo.InvariantCulture));

    /// <param name="version">Quoted here; holds no quotation marks itself.</param>
    public static void Set(HttpContext context, string version) => context.Response.Headers.ETag = $"\"{version}\"";

    /// <summary>The version that the caller has read; null = whichever it is.</summary>
    public static string? IfMatch(HttpContext context) => context.Request.Headers.IfMatch.ToString() switch
    {
        "" or "*" => null,
        ['"', .. var version, '"'] => version,
        var other => other,
    };

    /// <summary>412: somebody changed it in between.</summary>
    public static ProblemHttpResult Stale() =>
        TypedResults.Problem(Problems.Create(412, ErrorCodes.Stale, "It was changed in the meantime. Read it again and repeat your change."));
}
