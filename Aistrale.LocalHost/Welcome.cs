namespace Aistrale.LocalHost;

/// <summary>What a person needs to know once everything is healthy.</summary>
internal static class Welcome
{
    public static string Text(HostSettings settings, string howToStop) => $"""

          Console   http://localhost:{settings.WebPort}
          Sign in   {SignIn(settings)}
          Gateway   http://localhost:{settings.ApiPort}/v1
          Stop      {howToStop}
        """;

    private static string SignIn(HostSettings settings)
    {
        // The migrations write the code only while there is no administrator and none was named.
        var file = settings.Home.SetupCodeFile;
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } code)
        {
            return $"create the first administrator: http://localhost:{settings.WebPort}/setup?code={Uri.EscapeDataString(code)} (works once, within an hour)";
        }

        return settings.AdminEmail is { } email ? $"as {email}, with the password that you set" : "with your account";
    }
}
