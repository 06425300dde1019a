using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Aistrale.Core.Data;

/// <summary>What a database exception means to a caller.</summary>
public static class DatabaseErrors
{
    /// <summary>The server cannot be reached or is shutting down: worth a later try, nobody's mistake.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections,
        NpgsqlException or SocketException or TimeoutException => true,
        DbUpdateException { InnerException: { } inner } => IsUnavailable(inner),
        InvalidOperationException { InnerException: NpgsqlException inner } => IsUnavailable(inner),
        _ => false,
    };

    /// <summary>The caller's text holds U+0000, which JSON can say and PostgreSQL cannot store.</summary>
    public static bool IsUnstorableText(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter,
        DbUpdateException { InnerException: { } inner } => IsUnstorableText(inner),
        _ => false,
    };

    internal static bool IsUniqueViolation(DbUpdateException exception, string constraint) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } postgres && postgres.ConstraintName == constraint;
}
