using Aistrale.Contracts;
using Npgsql;

namespace Aistrale.Worker.Commands;

/// <summary>
/// Waits for a PostgreSQL that is starting up, as in Compose, where "started" does not mean "accepts connections",
/// and makes the database where the role may and it is missing.
/// </summary>
internal sealed class DatabaseWait(NpgsqlDataSource database, IConfiguration configuration, TimeProvider clock)
{
    private const int OldestMajor = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlConnectionStringBuilder _address = new(database.ConnectionString);

    private TimeSpan Limit => TimeSpan.FromSeconds(configuration.GetValue("Migrations:DatabaseWaitSeconds", 60));

    public async Task UntilItAnswersAsync(CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var said = false;
        while (await TryAsync(ct) is { } problem)
        {
            if (clock.GetElapsedTime(began) >= Limit)
            {
                throw new CommandFailedException($"PostgreSQL at {_address.Host}:{_address.Port} did not answer within {Limit.TotalSeconds:0} s ({problem}): start it, or correct the connection string.");
            }

            if (!said)
            {
                said = true;
                await Console.Out.WriteLineAsync($"Waiting for PostgreSQL at {_address.Host}:{_address.Port} ...");
            }

            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>Null when the database is there; otherwise why it is not, yet.</summary>
    private async Task<string?> TryAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            await using var connection = await database.OpenConnectionAsync(limit.Token);
            return connection.PostgreSqlVersion.Major >= OldestMajor
                ? null
                : throw new CommandFailedException($"PostgreSQL at {_address.Host}:{_address.Port} is version {connection.PostgreSqlVersion}: Aistrale needs {OldestMajor} or newer.");
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateDatabaseAsync(limit.Token);
            return "the database was just made";
        }
        catch (PostgresException failure) when (failure.SqlState is not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown))
        {
            throw;
        }
        catch (NpgsqlException failure)
        {
            return failure.GetBaseException().Message;
        }
        catch (TimeoutException)
        {
            return "no answer";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "no answer";
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken ct)
    {
        // The data source keeps its password to itself, so the connection string is read again.
        var text = configuration.GetConnectionString(ResourceNames.MigratorDatabase) is { Length: > 0 } own ? own : configuration.GetConnectionString(ResourceNames.Database);
        var maintenance = new NpgsqlConnectionStringBuilder(text) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(ct);
        await using var quote = new NpgsqlCommand("SELECT format('CREATE DATABASE %I', $1)", connection) { Parameters = { new() { Value = _address.Database! } } };
        var sql = (string)(await quote.ExecuteScalarAsync(ct))!;
        try
        {
            await using var create = new NpgsqlCommand(sql, connection);
            await create.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another migration made it at the same moment.
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new CommandFailedException($"The database \"{_address.Database}\" does not exist and the role \"{_address.Username}\" may not create it: create it with that role as its owner.");
        }
    }
}
