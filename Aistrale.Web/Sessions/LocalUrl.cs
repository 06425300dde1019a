namespace Aistrale.Web.Sessions;

/// <summary>Addresses inside this console.</summary>
internal static class LocalUrl
{
    public const string Home = "/";
    public const string ChangePassword = "/password";
    public const string SignInWithNewPassword = "/login?passwordSet=true";

    public static string SignIn(string returnUrl)
    {
        var safe = Safe(returnUrl);
        return safe == Home ? "/login" : $"/login?returnUrl={Uri.EscapeDataString(safe)}";
    }

    /// <summary><paramref name="url"/> when it is a path of this console, else the first page: a link must not carry a signed-in user elsewhere.</summary>
    // "//host" and "/\host" are other hosts to a browser, and a control character may be dropped before it looks.
    public static string Safe(string? url) =>
        url is ['/', .. var rest]
        && rest is not ['/' or '\\', ..]
        && !url.Any(char.IsControl)
        && !url.StartsWith("/login", StringComparison.OrdinalIgnoreCase)
            ? url
            : Home;
}
