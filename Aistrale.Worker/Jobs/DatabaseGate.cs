using System.Net.Sockets;
using Aistrale.Core.Data;
using Npgsql;

namespace Aistrale.Worker.Jobs;

/// <summary>Whether the database is there and as this version needs it.</summary>
internal sealed class DatabaseGate(DatabaseMigrator migrator, NpgsqlDataSource database)
{
    private bool _keyIsRight;

    /// <summary>Null when jobs can run; otherwise what they wait for.</summary>
    /// <exception cref="Core.Encryption.InvalidKeyEncryptionKeyException">Waiting would not help.</exception>
    public async Task<string?> WhyClosedAsync(CancellationToken ct)
    {
        try
        {
            var pending = await migrator.CountPendingAsync(ct);
            await using var connection = await database.OpenConnectionAsync(ct);
            if (pending > 0 || !await QuartzTables.ExistAsync(connection, ct))
            {
                return "the database is not up to date: run migrate";
            }

            if (!_keyIsRight)
            {
                await migrator.VerifyKeyAsync(ct);
                _keyIsRight = true;
            }

            return null;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidPassword)
        {
            // A database whose first migration has not come this far has no role for the worker yet.
            return $"{failure.MessageText}: run migrate";
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            return exception.GetBaseException().Message;
        }
    }

    /// <summary>The server cannot be reached, is starting or is going down: worth a later try.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections,
        NpgsqlException or SocketException or TimeoutException => true,
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };
}
