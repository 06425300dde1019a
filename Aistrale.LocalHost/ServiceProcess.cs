using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost;

/// <summary>One of our own services, run from the build output beside this program's.</summary>
internal static class ServiceProcess
{
    // The address is of this machine, whatever proxy the environment names.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    public static ProcessSpec Create(HomeFolder home, string name, string project, int? port, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var binary = BinaryOf(project);
        return new ProcessSpec
        {
            Name = name,
            Port = port,
            Command = [ExecutableSearch.DotNet(), binary, .. arguments],
            Environment = environment,
            // Configuration files and static assets are looked for beside the binary.
            WorkingDirectory = Path.GetDirectoryName(binary)!,
            LogFile = home.LogOf(name),
            Probe = port is { } number ? ct => ProbeAsync(number, ct) : _ => Task.FromResult<string?>(null),
        };
    }

    /// <summary>artifacts/bin/Aistrale.LocalHost/release/ and artifacts/bin/{project}/release/{project}.dll lie side by side.</summary>
    public static string BinaryOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var binary = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project + ".dll");
        return File.Exists(binary)
            ? binary
            : throw new Refusal($"{binary} has not been built: run ./aistrale up, or 'dotnet build Aistrale.sln -c Release'.");
    }

    public static async Task<string?> ProbeAsync(int port, CancellationToken ct)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/health"), HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? null : $"/health answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return "/health does not answer";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "/health does not answer within 2 s";
        }
    }
}
