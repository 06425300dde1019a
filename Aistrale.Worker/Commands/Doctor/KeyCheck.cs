using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;

namespace Aistrale.Worker.Commands.Doctor;

/// <summary>Is the key-encryption key there, and the one that this database was written with?</summary>
internal static class KeyCheck
{
    private const string Subject = "key-encryption key";

    public static async Task<Finding> RunAsync(IConfiguration configuration, CancellationToken ct)
    {
        try
        {
            var builder = CommandHost.CreateBuilder();
            builder.AddCore();
            builder.AddDatabase(DatabaseChecks.Configured(configuration) is [var first, ..] ? first.Name : ResourceNames.Database);
            using var host = builder.Build();
            await host.Services.GetRequiredService<DatabaseMigrator>().VerifyKeyAsync(ct);
            return Finding.Ok(Subject, "opens this database's data keys");
        }
        catch (InvalidKeyEncryptionKeyException exception)
        {
            return Finding.Fail(Subject, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && ExpectedFailure.Describe(exception) is not null)
        {
            return Finding.Warn(Subject, "is there, but cannot be compared with the database before that is repaired (see above)");
        }
    }
}
