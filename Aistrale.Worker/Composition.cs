using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Aistrale.Core.Inference;
using Aistrale.Core.Telemetry;
using Aistrale.Core.Tokens;
using Aistrale.Core.Users;
using Aistrale.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aistrale.Worker;

/// <summary>What the service and the commands are made of. A setting that is missing or malformed is one sentence, not a stack trace.</summary>
internal static class Composition
{
    public static void AddDatabase(this IHostApplicationBuilder builder, string connectionName) =>
        Configure(() => builder.AddAistraleDatabase<AistraleDbContext>(connectionName));

    public static void AddRedis(this IHostApplicationBuilder builder) =>
        Configure(() => builder.AddAistraleRedis(ResourceNames.Redis));

    /// <summary>The features of Core that jobs and commands use.</summary>
    /// <exception cref="InvalidKeyEncryptionKeyException">No usable key-encryption key is configured.</exception>
    public static void AddCore(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        Configure(() => builder.Services.AddEncryption(builder.Configuration));
        builder.Services
            .AddAuth()
            .AddUsers()
            .AddProviders()
            .AddTokens()
            .AddTelemetryQueries()
            .AddMigrator();
    }

    private static void Configure(Action register)
    {
        try
        {
            register();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(exception.Message);
        }
    }
}
