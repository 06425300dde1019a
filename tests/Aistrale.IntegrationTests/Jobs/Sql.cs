using Npgsql;

namespace Aistrale.IntegrationTests.Jobs;

/// <summary>Statements of a test, on a connection of their own.</summary>
internal static class Sql
{
    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql, CancellationToken ct) => (await ColumnAsync<T>(connectionString, sql, ct)).Single();

    public static async Task<List<T>> ColumnAsync<T>(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var values = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            values.Add(await reader.GetFieldValueAsync<T>(0, ct));
        }

        return values;
    }

    /// <summary>The error code that the statement is refused with; null when it is not.</summary>
    public static async Task<string?> RefusalAsync(string connectionString, string sql, CancellationToken ct)
    {
        try
        {
            await ExecuteAsync(connectionString, sql, ct);
            return null;
        }
        catch (PostgresException failure)
        {
            return failure.SqlState;
        }
    }
}
