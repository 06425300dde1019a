using System.Net.Sockets;
using System.Text;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost;

/// <summary>A private Redis: its own data folder, loopback only, a password, every write in an append-only file.</summary>
internal sealed class RedisProcess(HomeFolder home, int port, Passwords passwords)
{
    public const string ServiceName = "redis";

    private const int Databases = 1024;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private readonly UnprivilegedUser? _user = UnprivilegedUser.ForServer("redis", "postgres");

    public async Task<ProcessSpec> PrepareAsync(CancellationToken ct)
    {
        var program = ExecutableSearch.Require("redis-server", "redis-server");
        await HomeFolder.EnsureServerFolderAsync(home.Redis, "Redis", _user, ct);
        var configuration = Path.Combine(home.Redis, "redis.conf");
        SecretFile.Write(configuration, Configuration());
        if (_user is not null)
        {
            Native.ChangeOwner(configuration, _user);
        }

        return new ProcessSpec
        {
            Name = ServiceName,
            Port = port,
            Command = [.. _user?.CommandPrefix() ?? [], program, configuration],
            Environment = HomeFolder.Minimal,
            LogFile = home.LogOf(ServiceName),
            Probe = ProbeAsync,
            OrphanDelay = TimeSpan.FromSeconds(5),
        };
    }

    public async Task<string?> ProbeAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerLimit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {passwords.Redis}\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);

            // +OK, then +PONG; while the file is being read: -LOADING Redis is loading the dataset in memory
            var login = await reader.ReadLineAsync(limit.Token);
            var answer = login == "+OK" ? await reader.ReadLineAsync(limit.Token) : login;
            return answer == "+PONG" ? null : answer ?? "closed the connection";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "does not answer";
        }
    }

    // In a file, because arguments can be read by every user of the machine.
    private string Configuration() => $"""
        bind 127.0.0.1
        port {port}
        protected-mode yes
        requirepass {passwords.Redis}
        dir "{home.Redis}"
        daemonize no
        databases {Databases}
        appendonly yes
        appendfsync everysec
        save ""
        always-show-logo no

        """;
}
