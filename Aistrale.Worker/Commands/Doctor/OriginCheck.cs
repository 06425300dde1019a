namespace Aistrale.Worker.Commands.Doctor;

/// <summary>Session cookies over plain http can be read by everyone between browser and server, except on this machine.</summary>
internal static class OriginCheck
{
    private const string Subject = "public origins";
    private const string Key = "AISTRALE_PUBLIC_ORIGINS";

    public static IEnumerable<Finding> Run(IConfiguration configuration)
    {
        var origins = (configuration[Key] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins.Length == 0)
        {
            yield return Finding.Ok(Subject, "this machine only (AISTRALE_PUBLIC_ORIGINS is not set)");
        }

        foreach (var origin in origins)
        {
            yield return Judge(origin);
        }
    }

    private static Finding Judge(string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            return Finding.Fail(Subject, $"\"{origin}\" is not an origin: write https://host or https://host:port in {Key}");
        }

        return uri.Scheme == "http" && !uri.IsLoopback
            ? Finding.Fail(Subject, $"{origin} is plain http: put TLS in front and write https in {Key}")
            : Finding.Ok(Subject, origin);
    }
}
