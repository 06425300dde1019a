using Aistrale.Core.Encryption;
using Npgsql;

namespace Aistrale.Worker;

/// <summary>A failure that the operator can do something about; the message is one sentence that says what.</summary>
internal sealed class CommandFailedException(string sentence) : Exception(sentence);

/// <summary>Turns what can go wrong in operation into one sentence on standard error. Anything else is a defect and keeps its stack trace.</summary>
internal static class ExpectedFailure
{
    public static async Task<int> ReportAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (Describe(exception) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return ExitCodes.Failed;
        }
    }

    public static string? Describe(Exception exception) => exception switch
    {
        CommandFailedException or InvalidKeyEncryptionKeyException => exception.Message,
        PostgresException postgres => Describe(postgres),
        NpgsqlException or TimeoutException => $"The database does not answer ({exception.GetBaseException().Message}): check that PostgreSQL runs and that the connection string is right.",
        { InnerException: NpgsqlException inner } => Describe(inner),
        OperationCanceledException => "Stopped before it was done.",
        _ => null,
    };

    private static string Describe(PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The database refused the login ({failure.MessageText}): correct user name and password in the connection string.",
        PostgresErrorCodes.InvalidCatalogName => $"The database does not exist ({failure.MessageText}): create it, or run migrate with a role that may create databases.",
        PostgresErrorCodes.InsufficientPrivilege => $"The database role lacks a right ({failure.MessageText}): run migrate with the owner of the database (ConnectionStrings__aistraledb-migrator).",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn => $"The database is not up to date ({failure.MessageText}): run migrate first.",
        _ => $"The database refused a statement ({failure.SqlState}: {failure.MessageText}).",
    };
}

internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int UsedWrongly = 2;
}
