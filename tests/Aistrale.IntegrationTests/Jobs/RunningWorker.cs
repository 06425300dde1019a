using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;

namespace Aistrale.IntegrationTests.Jobs;

/// <summary>The Worker as a running service on a free port.</summary>
internal sealed partial class RunningWorker : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private RunningWorker(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Returns when it listens; whether it is ready is another question.</summary>
    public static async Task<RunningWorker> StartAsync(WorkerBinary binary, CancellationToken ct)
    {
        var info = binary.StartInfo();
        info.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        var worker = new RunningWorker(Process.Start(info)!);
        await Eventually.TrueAsync(() => worker.HasExited || ListeningOn().IsMatch(worker.Log), () => worker.Log, ct);
        if (worker.HasExited)
        {
            throw new InvalidOperationException(worker.Log);
        }

        worker._http.BaseAddress = new Uri(ListeningOn().Match(worker.Log).Groups[1].Value);
        return worker;
    }

    public async Task<int> StatusAsync(string path, CancellationToken ct)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), ct);
        return (int)answer.StatusCode;
    }

    public Task UntilHealthyAsync(CancellationToken ct) =>
        Eventually.TrueAsync(async () => await StatusAsync("/health", ct) == 200, () => Log, ct);

    /// <summary>How many runs of a job ended with this outcome, as the Prometheus endpoint tells it.</summary>
    public async Task<int> RunsAsync(string job, string outcome, CancellationToken ct)
    {
        // aistrale_job_duration_seconds_count{...,aistrale_job_name="cost-rollup",aistrale_job_outcome="ok"} 2
        var metrics = await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), ct);
        var line = metrics.Split('\n').SingleOrDefault(line =>
            line.StartsWith("aistrale_job_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains($"\"{job}\"", StringComparison.Ordinal)
            && line.Contains($"\"{outcome}\"", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public async Task KillAsync(CancellationToken ct)
    {
        Native.Signal(ProcessId, Native.SigKill);
        await _process.WaitForExitAsync(ct);
    }

    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        Native.Signal(ProcessId, Native.SigTerm);
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
        _http.Dispose();
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    [GeneratedRegex("Now listening on: (http://127.0.0.1:[0-9]+)")]
    private static partial Regex ListeningOn();
}
