namespace Aistrale.LocalHost;

/// <summary>Names of our own services: of their log files, in the status list, and for <c>logs</c>. The same as the app host's resources.</summary>
internal static class ServiceNames
{
    public const string Migrations = "migrations";
    public const string ApiService = "apiservice";
    public const string Worker = "worker";
    public const string Web = "web";
    public const string Sandbox = "sandbox";

    /// <summary>The launcher itself, which has a log only when it runs detached.</summary>
    public const string LocalHost = "localhost";

    public static IReadOnlyList<string> WithLogs { get; } =
        [LocalHost, PostgresProcess.ServiceName, RedisProcess.ServiceName, Migrations, Sandbox, ApiService, Worker, Web];
}
