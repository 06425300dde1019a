using System.Net;
using System.Net.Sockets;

namespace Aistrale.IntegrationTests.Jobs;

/// <summary>A server's address that a test can take away and give back: passes bytes to the real one, or refuses connections.</summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly int _target;
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private Socket? _listener;

    public TcpRelay(int target)
    {
        _target = target;
        // Reserves the port: bound and not listening means refused.
        _listener = Bind(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public void Up()
    {
        _listener ??= Bind(Port);
        _listener.Listen();
        _ = AcceptAsync(_listener);
    }

    /// <summary>Ends what is open and refuses what comes.</summary>
    public void Down()
    {
        _listener?.Dispose();
        _listener = null;
        lock (_gate)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    public void Dispose() => Down();

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_gate)
                {
                    _open.AddRange([client, server]);
                }

                await server.ConnectAsync(IPAddress.Loopback, _target);
                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Taken down.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[8192];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Taken down, or the other side went first.
        }
    }
}
