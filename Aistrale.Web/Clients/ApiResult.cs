using System.Diagnostics.CodeAnalysis;

namespace Aistrale.Web.Clients;

/// <summary>The API's answer, or why there is none.</summary>
internal readonly record struct ApiResult<T>(T? Value, ApiProblem? Problem)
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOk => Problem is null;
}

/// <summary>The <c>Set-Cookie</c> headers of an answer, to be handed on.</summary>
internal sealed record ApiCookies(IReadOnlyList<string> SetCookieHeaders)
{
    public static ApiCookies None { get; } = new([]);

    public static ApiCookies Of(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? new ApiCookies([.. values]) : None;
}

internal readonly record struct SignInResult(ApiCookies Cookies, ApiProblem? Problem);
