using System.Runtime.InteropServices;

namespace Aistrale.LocalHost.Processes;

/// <summary>The few calls of the C library that .NET does not offer.</summary>
internal static partial class Native
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int WriteOnlyAppend = 0x401;

    public static bool IsRoot => GetEffectiveUserId() == 0;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();

    /// <summary>Sends a signal; a negative id means the process group. False when there is no such process.</summary>
    public static bool Signal(int processId, int signal) => Kill(processId, signal) == 0;

    public static void ChangeOwner(string path, UnprivilegedUser owner)
    {
        if (ChangeOwner(path, owner.UserId, owner.GroupId) != 0)
        {
            throw new IOException($"The owner of {path} could not be changed to {owner.Name} (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>Makes standard output and standard error continue in the file, so that nothing keeps the caller's terminal or pipe open.</summary>
    public static void RedirectOutputTo(string path)
    {
        File.AppendAllText(path, "");
        // .NET's own append mode remembers a position; the kernel's lets several writers share the file.
        var descriptor = Open(path, WriteOnlyAppend);
        _ = Duplicate(descriptor, StandardOutput);
        _ = Duplicate(descriptor, StandardError);
        _ = Close(descriptor);

        // The console's writers still hold what these two were before.
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Console.SetError(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint userId, uint groupId);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);
}
