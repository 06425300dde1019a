using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Aistrale.BrowserTests.FakeApi;

internal static class Problems
{
    public const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static IResult Result(int status, string code, string detail, Dictionary<string, string[]>? errors = null) =>
        Results.Json(Body(status, code, detail, errors), JsonSerializerOptions.Web, "application/problem+json", status);

    public static Task Write(HttpContext context, int status, string code, string detail) =>
        Result(status, code, detail).ExecuteAsync(context);

    private static object Body(int status, string code, string detail, Dictionary<string, string[]>? errors) =>
        new { type = "about:blank", title = code, status, detail, code, traceId = TraceId, errors };
}
