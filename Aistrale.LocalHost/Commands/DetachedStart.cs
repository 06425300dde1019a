using System.Diagnostics;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Commands;

/// <summary>up --detach: starts this program again in a session of its own, shows its progress, and returns when all is healthy.</summary>
internal static class DetachedStart
{
    public static async Task<int> RunAsync(HostSettings settings, IReadOnlyList<string> options, CancellationToken ct)
    {
        using var background = Launch(options);
        // Everything that the background process has to say before it is healthy ends up on our own output.
        var errors = background.StandardError.ReadToEndAsync(CancellationToken.None);
        await using var interrupt = ct.Register(() => Native.Signal(background.Id, Native.SigTerm));
        var board = StatusBoard.ForConsole();
        while (await background.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (HostState.Parse(line) is not { } state)
            {
                continue;
            }

            board.Show(state);
            if (state.Phase == HostPhase.Running)
            {
                if (!settings.ServersOnly)
                {
                    Console.WriteLine(Welcome.Text(settings, "./aistrale down"));
                }

                return 0;
            }
        }

        await background.WaitForExitAsync(CancellationToken.None);
        await Console.Error.WriteAsync(await errors);
        return background.ExitCode == 0 ? Refusal.Failed : background.ExitCode;
    }

    private static Process Launch(IReadOnlyList<string> options)
    {
        var info = new ProcessStartInfo(ExecutableSearch.Require("setsid", "util-linux"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { ExecutableSearch.DotNet(), typeof(DetachedStart).Assembly.Location, CommandLine.Serve },
        };
        foreach (var option in options)
        {
            info.ArgumentList.Add(option);
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException("The background process did not start.");
        process.StandardInput.Close();
        return process;
    }
}
