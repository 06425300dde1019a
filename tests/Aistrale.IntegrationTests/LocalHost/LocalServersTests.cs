using System.Net.Sockets;
using System.Text;
using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.LocalHost;

public class LocalServersTests(LocalServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_is_new_and_all_three_roles_can_open_it()
    {
        var one = await servers.CreateDatabaseAsync(Ct);
        var other = await servers.CreateDatabaseAsync(Ct);

        Assert.NotEqual(one.Name, other.Name);
        Assert.Equal("aistrale_app", await CurrentUserAsync(one.App));
        Assert.Equal("aistrale_worker", await CurrentUserAsync(one.Worker));
        Assert.Equal("aistrale_migrator", await CurrentUserAsync(one.Migrator));
    }

    [Fact]
    public async Task The_Redis_connection_string_names_a_server_that_answers_with_its_password_only()
    {
        // 127.0.0.1:21054,password=...,defaultDatabase=1
        var parts = (await servers.CreateRedisAsync(Ct)).Split(',');
        var port = int.Parse(parts[0].Split(':')[1]);
        var password = parts[1]["password=".Length..];

        Assert.StartsWith("-NOAUTH", await AskAsync(port, "PING\r\n"), StringComparison.Ordinal);
        Assert.Equal("+OK", await AskAsync(port, $"AUTH {password}\r\n"));
    }

    private static async Task<string?> AskAsync(int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Ct);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command), Ct);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(Ct);
    }

    private static async Task<string> CurrentUserAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("select current_user::text", connection);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }
}
