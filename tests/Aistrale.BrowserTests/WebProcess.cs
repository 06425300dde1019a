using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aistrale.BrowserTests;

/// <summary>The console as a process of its own, run from its build folder, in front of an API that the test gives.</summary>
internal sealed class WebProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _output = new();
    private readonly ProcessStartInfo _start;
    private readonly string _folder;
    private Process _process = null!;

    private WebProcess(ProcessStartInfo start, Uri origin, string folder)
    {
        _start = start;
        _folder = folder;
        Origin = origin;
    }

    public Uri Origin { get; }

    public static async Task<WebProcess> StartAsync(Uri api, CancellationToken ct)
    {
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("aistrale-web-").FullName;
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { AssemblyPath() },
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["services__apiservice__http__0"] = api.ToString().TrimEnd('/'),
                ["DataProtection__Path"] = Path.Combine(folder, "keys"),
            },
        };
        var web = new WebProcess(start, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")), folder);
        await web.StartAsync(ct);
        return web;
    }

    /// <summary>As after a crash or an update: every circuit is forgotten, the key ring stays.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        await StopAsync();
        await StartAsync(ct);
    }

    /// <summary>For the people who look into a failed run: artifacts/logs.</summary>
    public async Task SaveOutputAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "logs"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"web-{Origin.Port}.log"), Output());
    }

    public string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken ct)
    {
        _process = Process.Start(_start) ?? throw new InvalidOperationException("The console did not start.");
        Collect();
        await WaitUntilAliveAsync(ct);
    }

    private async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // artifacts/bin/Aistrale.BrowserTests/debug/ lies beside artifacts/bin/Aistrale.Web/debug/
    private static string AssemblyPath()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Aistrale.Web", own.Name, "Aistrale.Web.dll");
    }

    private void Collect()
    {
        void Add(object sender, DataReceivedEventArgs line)
        {
            lock (_output)
            {
                _output.AppendLine(line.Data);
            }
        }

        _process.OutputDataReceived += Add;
        _process.ErrorDataReceived += Add;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task WaitUntilAliveAsync(CancellationToken ct)
    {
        using var http = new HttpClient();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > StartLimit)
            {
                throw new InvalidOperationException($"The console did not come up.\n{Output()}");
            }

            try
            {
                using var answer = await http.GetAsync(new Uri(Origin, "/alive"), ct);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, ct);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
