using System.Text;

namespace Aistrale.LocalHost.Processes;

/// <summary>One log file per service; processes append to it themselves, so it survives the launcher.</summary>
internal static class LogFiles
{
    private const long RotateAtBytes = 8 * 1024 * 1024;
    private const int TailBytes = 256 * 1024;

    /// <summary>Called before a start: a file that has grown large becomes <c>.1</c>, replacing the one before.</summary>
    public static void Rotate(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length > RotateAtBytes)
        {
            File.Move(path, path + ".1", overwrite: true);
        }
    }

    public static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The last lines of the file after the position, oldest first; empty when there is none.</summary>
    public static IReadOnlyList<string> Tail(string path, int lines, long position = 0)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = Math.Min(position, file.Length);
        var cut = file.Length - start > TailBytes;
        file.Seek(cut ? file.Length - TailBytes : start, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var all = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // The first line of a cut is most likely half a line.
        return [.. all.Skip(cut ? 1 : 0).TakeLast(lines)];
    }
}
