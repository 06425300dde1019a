namespace Aistrale.LocalHost.Home;

/// <summary>
/// Held while a launcher uses the data folder. It is a lock of the kernel (flock), so it ends with the process,
/// also after kill -9: a held lock is the proof that a launcher lives, whatever the state file says.
/// </summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _file;

    private HomeLock(FileStream file) => _file = file;

    /// <summary>Null when another launcher holds it. Tried for a moment, because a question (<see cref="IsHeld"/>) holds it for an instant as well.</summary>
    public static async Task<HomeLock?> TryTakeAsync(HomeFolder home, TimeProvider clock, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (TryTake(home) is { } taken)
            {
                return taken;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, ct);
        }

        return null;
    }

    private static HomeLock? TryTake(HomeFolder home)
    {
        try
        {
            return new HomeLock(new FileStream(home.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static bool IsHeld(HomeFolder home)
    {
        if (!File.Exists(home.LockFile))
        {
            return false;
        }

        // Shared, so that two questions at the same time do not take each other for a launcher.
        try
        {
            using var asked = new FileStream(home.LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();
}
