namespace Aistrale.Contracts;

/// <summary>Names that AppHost, LocalHost and the services share. Each is also a service-discovery or connection-string name.</summary>
public static class ResourceNames
{
    public const string Database = "aistraledb";
    public const string WorkerDatabase = "aistraledb-worker";
    public const string MigratorDatabase = "aistraledb-migrator";
    public const string Redis = "redis";
    public const string ApiService = "apiservice";
    public const string Worker = "worker";
    public const string Web = "web";
    public const string Migrations = "migrations";
    public const string Sandbox = "sandbox";
}
