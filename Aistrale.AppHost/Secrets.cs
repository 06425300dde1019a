using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aistrale.AppHost;

/// <summary>
/// Every secret of the topology, as a parameter. On a developer's machine they are generated once and kept in user secrets,
/// beside the data volumes they belong to; whoever deploys is asked for them.
/// </summary>
internal sealed record Secrets(
    IResourceBuilder<ParameterResource> KeyEncryptionKey,
    IResourceBuilder<ParameterResource> MigratorPassword,
    IResourceBuilder<ParameterResource> AppPassword,
    IResourceBuilder<ParameterResource> WorkerPassword,
    IResourceBuilder<ParameterResource> RedisPassword,
    IResourceBuilder<ParameterResource> AdminEmail,
    IResourceBuilder<ParameterResource> AdminPassword)
{
    public static Secrets AddTo(IDistributedApplicationBuilder builder) => new(
        builder.AddKeyEncryptionKey(),
        builder.AddPassword("migrator-password"),
        builder.AddPassword("app-password"),
        builder.AddPassword("worker-password"),
        builder.AddPassword("redis-password"),
        builder.AddOptionalParameter("admin-email", "AISTRALE_ADMIN_EMAIL"),
        builder.AddOptionalParameter("admin-password", "AISTRALE_ADMIN_PASSWORD", secret: true));
}

internal static class SecretParameters
{
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name) =>
        // Letters and digits only: ; and " break a PostgreSQL connection string, a comma breaks one of Redis.
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    /// <summary>No service ever invents this key: without the right one, all stored credentials are lost.</summary>
    public static IResourceBuilder<ParameterResource> AddKeyEncryptionKey(this IDistributedApplicationBuilder builder)
    {
        const string name = "key-encryption-key";
        const string description = "32 random bytes in base64. Keep a copy apart from the database's backups.";
        var parameter = builder.ExecutionContext.IsRunMode
            ? builder.AddParameter(name, new RandomKeyDefault(), secret: true, persist: true)
            : builder.AddParameter(name, secret: true);
        return parameter.WithDescription(description);
    }

    /// <summary>A parameter that may stay empty; the plain environment variable of the command line counts too.</summary>
    public static IResourceBuilder<ParameterResource> AddOptionalParameter(
        this IDistributedApplicationBuilder builder, string name, string environmentVariable, bool secret = false) =>
        builder.AddParameter(
            name,
            () => builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[environmentVariable] ?? string.Empty,
            publishValueAsDefault: false,
            secret);

    private sealed class RandomKeyDefault : ParameterDefault
    {
        private const int KeyBytes = 32;

        public override string GetDefaultValue() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

        // Only used while developing, where no manifest is written.
        public override void WriteToManifest(ManifestPublishingContext context) => throw new NotSupportedException();
    }
}
