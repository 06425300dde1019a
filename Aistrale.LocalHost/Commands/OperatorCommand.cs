using System.Diagnostics;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Commands;

/// <summary>admin, audit, keys and doctor: the Worker's binary does them, with the connections and keys of this data folder.</summary>
internal static class OperatorCommand
{
    public static async Task<int> RunAsync(HostSettings settings, IReadOnlyList<string> words, CancellationToken ct)
    {
        var home = settings.Home;
        var needsOurServers = settings.ExternalDatabase is null || settings.ExternalRedis is null;
        if (needsOurServers && !HomeLock.IsHeld(home))
        {
            throw new Refusal($"Aistrale is not running with the data folder {home.Root}: start it with ./aistrale up, then run this again.");
        }

        home.Create();
        var passwords = Passwords.LoadOrCreate(home);
        var ports = PortBook.Load(home) ?? PortBook.LoadOrChoose(home, settings.ServicePorts);
        var environment = new ServiceEnvironment(settings, ServerAddresses.From(settings, ports, passwords), ports).Operator();
        var binary = ServiceProcess.BinaryOf("Aistrale.Worker");
        var info = new ProcessStartInfo(ExecutableSearch.DotNet(), [binary, .. words])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(binary),
        };
        info.Environment.Clear();
        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        using var process = Process.Start(info) ?? throw new InvalidOperationException("The Worker did not start.");
        // Ctrl-C reaches it as well: it shares the terminal.
        await process.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        return process.ExitCode;
    }
}
