using System.Diagnostics;
using System.Security.Cryptography;
using Aistrale.LocalHost;
using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;

namespace Aistrale.IntegrationTests.Jobs;

internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
}

/// <summary>The Worker's binary with the settings of one test database. Redis is a closed port unless a test gives a real one.</summary>
internal sealed class WorkerBinary : IDisposable
{
    private const string ClosedPort = "127.0.0.1:1";

    // One key for all test databases, because they are copies of one.
    private static readonly string Key = NewKey();

    private readonly TemporaryFolder _folder = new("worker");
    private readonly Dictionary<string, string?> _settings;

    public WorkerBinary(TestDatabase database)
    {
        var keyFile = Path.Combine(_folder.Path, "key");
        File.WriteAllText(keyFile, Key);
        _settings = new Dictionary<string, string?>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__aistraledb"] = database.App,
            ["ConnectionStrings__aistraledb-worker"] = database.Worker,
            ["ConnectionStrings__aistraledb-migrator"] = database.Migrator,
            ["ConnectionStrings__redis"] = ClosedPort,
            ["Encryption__KeyFile"] = keyFile,
            ["Setup__CodeFile"] = SetupCodeFile,
        };
    }

    public string SetupCodeFile => Path.Combine(_folder.Path, "setup-code");

    public string Folder => _folder.Path;

    /// <summary>Null takes the setting away.</summary>
    public string? this[string setting]
    {
        set => _settings[setting] = value;
    }

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public ProcessStartInfo StartInfo(params string[] words)
    {
        var info = new ProcessStartInfo(ExecutableSearch.DotNet(), [ServiceProcess.BinaryOf("Aistrale.Worker"), .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        string[] owned = ["AISTRALE_", "ConnectionStrings__", "Encryption__", "Setup__", "Spool__", "Sandbox__", "ASPNETCORE_"];
        foreach (var name in info.Environment.Keys.Where(name => Array.Exists(owned, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in _settings.Where(setting => setting.Value is not null))
        {
            info.Environment[name] = value;
        }

        return info;
    }

    public Task<CommandResult> RunAsync(CancellationToken ct, params string[] words) => RunAsync("", ct, words);

    public async Task<CommandResult> RunAsync(string input, CancellationToken ct, params string[] words)
    {
        using var process = Process.Start(StartInfo(words))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs <c>migrate</c>, which has to succeed.</summary>
    public async Task<CommandResult> MigrateAsync(CancellationToken ct)
    {
        var result = await RunAsync(ct, "migrate");
        return result.ExitCode == 0 ? result : throw new InvalidOperationException(result.ToString());
    }

    public void Dispose() => _folder.Dispose();
}
