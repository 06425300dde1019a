using System.Globalization;

namespace Aistrale.LocalHost.Processes;

/// <summary>
/// The system user that a server runs as when LocalHost was started by root: PostgreSQL refuses to run as root,
/// and Redis has no need to.
/// </summary>
internal sealed record UnprivilegedUser(string Name, uint UserId, uint GroupId)
{
    /// <summary>Null when LocalHost is not root: then the servers simply run as the same user.</summary>
    public static UnprivilegedUser? ForServer(params string[] preferredNames)
    {
        if (!Native.IsRoot)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(Parse).OfType<UnprivilegedUser>().ToDictionary(user => user.Name);
        var name = preferredNames.FirstOrDefault(users.ContainsKey)
            ?? throw new Refusal($"Started by root, the servers need a system user without rights: create one with 'useradd --system {preferredNames[^1]}', or start as an ordinary user.");
        return users[name];
    }

    /// <summary>The words to put before a command so that it runs as this user; the process id stays the same.</summary>
    public IReadOnlyList<string> CommandPrefix() =>
        [ExecutableSearch.Require("setpriv", "util-linux"), $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--no-new-privs"];

    // postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
    private static UnprivilegedUser? Parse(string line)
    {
        var fields = line.Split(':');
        return fields.Length >= 4
            && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out var userId)
            && uint.TryParse(fields[3], CultureInfo.InvariantCulture, out var groupId)
                ? new UnprivilegedUser(fields[0], userId, groupId)
                : null;
    }
}
