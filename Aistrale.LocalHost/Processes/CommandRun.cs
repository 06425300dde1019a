using System.Diagnostics;

namespace Aistrale.LocalHost.Processes;

/// <summary>The outcome of a short-lived tool such as initdb.</summary>
internal sealed record CommandRun(int ExitCode, string Output)
{
    public static async Task<CommandRun> ExecuteAsync(
        IEnumerable<string> command, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        var words = command.ToList();
        var info = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        using var process = Process.Start(info) ?? throw new InvalidOperationException($"{words[0]} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
            return new CommandRun(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
