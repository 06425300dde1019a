using System.Globalization;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Home;

/// <summary>The data folder (AISTRALE_HOME): where everything lies, and who may reach it.</summary>
internal sealed class HomeFolder(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Traversable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Root { get; } = Path.GetFullPath(root);

    public string Postgres => Path.Combine(Root, "postgres");
    public string PostgresBeingMade => Path.Combine(Root, "postgres-being-made");
    public string Redis => Path.Combine(Root, "redis");
    public string Keys => Path.Combine(Root, "keys");
    public string KeyFile => Path.Combine(Keys, "kek");
    public string PasswordsFile => Path.Combine(Keys, "passwords.json");
    public string Spool => Path.Combine(Root, "spool");
    public string Audit => Path.Combine(Root, "audit");
    public string WebKeys => Path.Combine(Root, "web-keys");
    public string SetupCodeFile => Path.Combine(Root, "setup-code");
    public string PortsFile => Path.Combine(Root, "ports.json");
    public string StateFile => Path.Combine(Root, "state.json");
    public string LockFile => Path.Combine(Root, "lock");
    public string Logs => Path.Combine(Root, "logs");

    public string LogOf(string service) => Path.Combine(Logs, service + ".log");

    /// <summary>Makes the folders that belong to the user who starts the services. Their modes are set again on each start.</summary>
    public void Create()
    {
        try
        {
            // An empty folder was made for us just now, for example by mktemp -d; one with content may be anything, so its mode is left alone.
            if (!Directory.Exists(Root) || !Directory.EnumerateFileSystemEntries(Root).Any())
            {
                EnsureFolder(Root, Traversable);
            }

            foreach (var folder in new[] { Keys, Spool, Audit, WebKeys, Logs })
            {
                EnsureFolder(folder, OwnerOnly);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new Refusal($"The data folder {Root} cannot be used ({failure.Message.TrimEnd('.')}): set AISTRALE_HOME to a folder that you may write to.");
        }
    }

    /// <summary>Removes all that a stack has stored. Files in the folder that are not ours stay.</summary>
    public void Empty()
    {
        foreach (var folder in new[] { Postgres, PostgresBeingMade, Redis, Spool, Audit, WebKeys, Keys, Logs })
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        foreach (var file in new[] { SetupCodeFile, PortsFile, StateFile })
        {
            File.Delete(file);
        }
    }

    /// <summary>A 0700 folder for a server, owned by the user it runs as; refuses one that belongs to somebody else.</summary>
    public static async Task EnsureServerFolderAsync(string folder, string server, UnprivilegedUser? owner, CancellationToken ct)
    {
        if (Directory.Exists(folder))
        {
            await RefuseForeignFolderAsync(folder, server, owner, ct);
        }

        EnsureFolder(folder, OwnerOnly);
        if (owner is not null)
        {
            Native.ChangeOwner(folder, owner);
            await RefuseUnreachableAsync(folder, server, owner, ct);
        }
    }

    /// <summary>The server's user needs the right to pass through every folder above its own.</summary>
    public static async Task RefuseUnreachableAsync(string folder, string server, UnprivilegedUser owner, CancellationToken ct)
    {
        var closed = "";
        for (var path = folder; path is not null; path = Path.GetDirectoryName(path))
        {
            var check = await CommandRun.ExecuteAsync([.. owner.CommandPrefix(), "/usr/bin/test", "-x", path], Minimal, ct);
            if (check.ExitCode == 0)
            {
                break;
            }

            closed = path;
        }

        if (closed.Length > 0)
        {
            throw new Refusal(
                $"{server} runs as the user {owner.Name}, who may not pass through the folder {closed}: set AISTRALE_HOME to a folder outside it, such as /var/lib/aistrale, or allow it with 'chmod o+x {closed}'.");
        }
    }

    public static IReadOnlyDictionary<string, string> Minimal { get; } = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LC_ALL"] = "C.UTF-8",
    };

    private static void EnsureFolder(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path, mode);
        // The mode at creation is cut by the umask, and the folder may be older than this rule.
        if (File.GetUnixFileMode(path) != mode)
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static async Task RefuseForeignFolderAsync(string folder, string server, UnprivilegedUser? owner, CancellationToken ct)
    {
        // 101 postgres
        var answer = await CommandRun.ExecuteAsync(["/usr/bin/stat", "--format=%u %U", folder], Minimal, ct);
        var words = answer.Output.Split(' ');
        var expected = owner?.UserId ?? Native.GetEffectiveUserId();
        var root = owner is not null && words[0] == "0";
        if (answer.ExitCode != 0 || (!root && words[0] != expected.ToString(CultureInfo.InvariantCulture)))
        {
            throw new Refusal(
                $"The folder {folder} belongs to the user {words[^1]}, but {server} would run as {owner?.Name ?? Environment.UserName}: start as the user who made it, or set AISTRALE_HOME to another folder.");
        }
    }
}
