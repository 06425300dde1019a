using System.Diagnostics;
using Aistrale.LocalHost.Processes;
using Xunit;

namespace Aistrale.UnitTests.LocalHost;

public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("aistrale-home-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("--help", 0, "Exit codes: 0 done, 1 failed, 2 used wrongly")]
    [InlineData("", 0, "./aistrale up")]
    [InlineData("fly", 2, "There is no command 'fly'")]
    [InlineData("up --fast", 2, "'up' does not know '--fast'")]
    [InlineData("test everything", 2, "choose unit, integration, browser, faults or scale")]
    [InlineData("up --fresh --detach", 2, "add --yes")]
    [InlineData("status", 1, "not running")]
    [InlineData("down", 0, "not running")]
    [InlineData("logs nothing", 2, "There is no service 'nothing'")]
    public async Task The_script_answers_with_one_sentence_and_the_documented_exit_code(string words, int exitCode, string sentence)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = _home.FullName,
            ["AISTRALE_HOME"] = _home.FullName,
        };

        var run = await CommandRun.ExecuteAsync([Script(), .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)], environment, Ct);

        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
        Assert.Equal(exitCode, run.ExitCode);
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "aistrale");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new UnreachableException("The repository's root was not found above the build output.");
    }
}
