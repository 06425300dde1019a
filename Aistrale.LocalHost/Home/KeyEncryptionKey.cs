using System.Security.Cryptography;
using Npgsql;

namespace Aistrale.LocalHost.Home;

/// <summary>
/// The key that wraps all data keys. It is made once, together with the data; a substitute for a lost one would make
/// everything that is stored unreadable for good, so none is ever made.
/// </summary>
internal static class KeyEncryptionKey
{
    private const int LengthBytes = 32;

    public static async Task EnsureExistsAsync(HostSettings settings, CancellationToken ct)
    {
        var home = settings.Home;
        if (settings.BringsOwnKey)
        {
            return;
        }

        if (File.Exists(home.KeyFile))
        {
            Check(home.KeyFile);
            return;
        }

        if (settings.ExternalDatabase is { } external)
        {
            if (await HoldsTablesAsync(external, ct))
            {
                throw new Refusal(
                    $"The database of ConnectionStrings__aistraledb holds tables, but the key that encrypts its secrets ({home.KeyFile}) is missing: put the file there, or name it in Encryption__KeyFile.");
            }
        }
        else if (Directory.Exists(home.Postgres))
        {
            throw new Refusal(
                $"{home.Postgres} holds a database, but the key that encrypts its secrets ({home.KeyFile}) is missing: put the file back from a backup, or run ./aistrale up --fresh to start with empty data.");
        }

        SecretFile.Write(home.KeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(LengthBytes)));
    }

    private static async Task<bool> HoldsTablesAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand(
                "select exists (select from pg_tables where schemaname not in ('pg_catalog', 'information_schema'))", connection);
            return await command.ExecuteScalarAsync(ct) is true;
        }
        catch (Exception failure) when (failure is NpgsqlException or ArgumentException)
        {
            throw new Refusal($"The database of ConnectionStrings__aistraledb cannot be used ({failure.Message.TrimEnd('.')}): correct the connection string, or unset it to have a server started.");
        }
    }

    private static void Check(string path)
    {
        var buffer = new byte[LengthBytes + 1];
        var valid = Convert.TryFromBase64String(File.ReadAllText(path).Trim(), buffer, out var written) && written == LengthBytes;
        if (!valid)
        {
            throw new Refusal($"The key file {path} does not hold {LengthBytes} bytes in base64: put it back from a backup, or run ./aistrale up --fresh to start with empty data.");
        }
    }
}
