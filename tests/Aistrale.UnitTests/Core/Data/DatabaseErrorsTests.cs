using System.Net.Sockets;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Aistrale.UnitTests.Core.Data;

public sealed class DatabaseErrorsTests
{
    [Fact]
    public void A_server_that_is_away_or_going_away_is_unavailable()
    {
        Exception[] away =
        [
            new NpgsqlException("no connection"),
            new SocketException(),
            new TimeoutException(),
            Postgres(PostgresErrorCodes.AdminShutdown),
            Postgres(PostgresErrorCodes.CrashShutdown),
            Postgres(PostgresErrorCodes.CannotConnectNow),
            Postgres(PostgresErrorCodes.TooManyConnections),
            new DbUpdateException("save", new NpgsqlException("no connection")),
            new InvalidOperationException("transient", new NpgsqlException("no connection")),
            new InvalidOperationException("transient", Postgres(PostgresErrorCodes.AdminShutdown)),
        ];

        Assert.All(away, exception => Assert.True(DatabaseErrors.IsUnavailable(exception), exception.ToString()));
    }

    [Fact]
    public void A_server_that_answered_is_available_whatever_it_said()
    {
        Exception[] answers =
        [
            Postgres(PostgresErrorCodes.UniqueViolation),
            Postgres(PostgresErrorCodes.UndefinedTable),
            Postgres(PostgresErrorCodes.InsufficientPrivilege),
            new DbUpdateException("save", Postgres(PostgresErrorCodes.UniqueViolation)),
            new InvalidOperationException("a bug"),
            new DbUpdateException("save"),
        ];

        Assert.All(answers, exception => Assert.False(DatabaseErrors.IsUnavailable(exception), exception.ToString()));
    }

    [Fact]
    public void Text_that_PostgreSQL_cannot_store_is_told_apart()
    {
        Assert.True(DatabaseErrors.IsUnstorableText(Postgres(PostgresErrorCodes.CharacterNotInRepertoire)));
        Assert.True(DatabaseErrors.IsUnstorableText(Postgres(PostgresErrorCodes.UntranslatableCharacter)));
        Assert.True(DatabaseErrors.IsUnstorableText(new DbUpdateException("save", Postgres(PostgresErrorCodes.CharacterNotInRepertoire))));
        Assert.False(DatabaseErrors.IsUnstorableText(Postgres(PostgresErrorCodes.UniqueViolation)));
        Assert.False(DatabaseErrors.IsUnstorableText(new NpgsqlException("no connection")));
    }

    [Fact]
    public void A_unique_violation_counts_for_its_own_constraint_only()
    {
        var violation = new DbUpdateException("save", new PostgresException("twice", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation, constraintName: "ux_one"));

        Assert.True(DatabaseErrors.IsUniqueViolation(violation, "ux_one"));
        Assert.False(DatabaseErrors.IsUniqueViolation(violation, "ux_other"));
        Assert.False(DatabaseErrors.IsUniqueViolation(new DbUpdateException("save"), "ux_one"));
    }

    private static PostgresException Postgres(string code) => new("text", "ERROR", "ERROR", code);
}
