using System.Globalization;

namespace Aistrale.LocalHost.Processes;

/// <summary>Names the process that listens on a port, as far as the caller may see it.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static (int Id, string Name)? Find(int port)
    {
        var inodes = SocketTables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => InodeOfListener(line, port)).OfType<string>().Select(inode => $"socket:[{inode}]").ToHashSet();
        if (inodes.Count == 0)
        {
            return null;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && HoldsOneOf(folder, inodes))
            {
                return (id, ProcessTable.NameOf(id));
            }
        }

        return null;
    }

    //   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
    //    0: 0100007F:13D8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 36512 1 ...
    private static string? InodeOfListener(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(":" + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            ? fields[9]
            : null;
    }

    private static bool HoldsOneOf(string processFolder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(processFolder, "fd"))
                .Select(file => new FileInfo(file).LinkTarget)
                .Any(target => target is not null && sockets.Contains(target));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's.
            return false;
        }
    }
}
