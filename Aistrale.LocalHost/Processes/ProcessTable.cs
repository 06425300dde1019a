using System.Globalization;

namespace Aistrale.LocalHost.Processes;

/// <summary>A process as the kernel knows it. Ids are used again, so the start time belongs to the identity.</summary>
internal readonly record struct ProcessIdentity(int ProcessId, long StartTicks);

internal static class ProcessTable
{
    public static ProcessIdentity? Find(int processId)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{processId}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }

        // 4711 (postgres: check) S 4705 4711 4711 0 -1 ... : the name may hold spaces and brackets, so read from the last one.
        // Fields after it: state (0), parent (1), group (2) ... start time in clock ticks (19).
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : new ProcessIdentity(processId, long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    public static bool IsAlive(ProcessIdentity process) => Find(process.ProcessId) == process;

    /// <summary>What the process was started with as its program, such as "postgres"; empty when it is gone.</summary>
    public static string NameOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
