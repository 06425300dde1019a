using System.Diagnostics;
using System.Text;
using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;

namespace Aistrale.IntegrationTests.LocalHost;

/// <summary>LocalHost as a program of its own, with only its two servers, as ./aistrale would start it.</summary>
internal sealed class Launcher : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Launcher(HomeFolder home, Process process)
    {
        Home = home;
        _process = process;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HomeFolder Home { get; }

    public int ProcessId => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static Launcher Start(string homePath, params string[] words)
    {
        var info = new ProcessStartInfo(ExecutableSearch.DotNet(), [ServiceProcess.BinaryOf("Aistrale.LocalHost"), .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["AISTRALE_HOME"] = homePath;
        return new Launcher(new HomeFolder(homePath), Process.Start(info)!);
    }

    public static async Task<Launcher> StartServersAsync(string homePath, CancellationToken ct)
    {
        var launcher = Start(homePath, "up", "--servers-only");
        await Eventually.TrueAsync(
            () => launcher._process.HasExited || HostState.Load(launcher.Home) is { Phase: HostPhase.Running } state && state.Launcher.ProcessId == launcher.ProcessId,
            () => $"The servers did not start: {launcher.Output}",
            ct);
        return launcher._process.HasExited ? throw new InvalidOperationException(launcher.Output) : launcher;
    }

    public IReadOnlyList<ServiceStatus> Services() => HostState.Load(Home)?.Services ?? [];

    public void Kill() => Native.Signal(ProcessId, Native.SigKill);

    public void Terminate() => Native.Signal(ProcessId, Native.SigTerm);

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
