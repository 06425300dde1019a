using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Aistrale.LocalHost.Home;

/// <summary>The ports that nobody has to know by heart. They stay the same from start to start unless another program took one.</summary>
internal sealed record PortBook(int Postgres, int Redis, int Worker)
{
    // Below the range that Linux hands out for outgoing connections (32768 and up), so that a port is still free after a restart.
    // A port stays free until its service listens: two stacks started at once by one process must not choose the same.
    private static readonly ConcurrentDictionary<int, bool> Chosen = new();

    private const int LowestPort = 20000;
    private const int HighestPort = 32000;
    private const int Tries = 500;

    public static PortBook? Load(HomeFolder home)
    {
        try
        {
            return File.Exists(home.PortsFile) ? JsonSerializer.Deserialize<PortBook>(File.ReadAllText(home.PortsFile)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static PortBook LoadOrChoose(HomeFolder home, IEnumerable<int> reserved)
    {
        var kept = Load(home);
        var taken = reserved.ToHashSet();
        var book = new PortBook(Keep(kept?.Postgres, taken), Keep(kept?.Redis, taken), Keep(kept?.Worker, taken));
        SecretFile.Write(home.PortsFile, JsonSerializer.Serialize(book));
        return book;
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int ChooseFree(ISet<int> taken)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(LowestPort, HighestPort);
            if (!taken.Contains(port) && IsFree(port) && Chosen.TryAdd(port, true))
            {
                taken.Add(port);
                return port;
            }
        }

        throw new Refusal($"No free port was found between {LowestPort} and {HighestPort} on 127.0.0.1: stop some of the programs that listen there.");
    }

    private static int Keep(int? port, HashSet<int> taken) =>
        port is { } kept && IsFree(kept) && taken.Add(kept) ? kept : ChooseFree(taken);
}
