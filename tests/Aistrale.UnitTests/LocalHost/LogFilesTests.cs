using Aistrale.LocalHost.Processes;
using Xunit;

namespace Aistrale.UnitTests.LocalHost;

public sealed class LogFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aistrale-logs-");

    private string LogFile => Path.Combine(_folder.FullName, "worker.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_tail_of_a_missing_file_is_empty() => Assert.Empty(LogFiles.Tail(LogFile, 5));

    [Fact]
    public void The_tail_is_the_last_lines_in_their_order()
    {
        File.WriteAllLines(LogFile, Enumerable.Range(1, 20).Select(number => $"line {number}"));

        Assert.Equal(["line 18", "line 19", "line 20"], LogFiles.Tail(LogFile, 3));
    }

    [Fact]
    public void The_tail_after_a_position_leaves_out_what_an_earlier_run_wrote()
    {
        File.WriteAllText(LogFile, "of the run before\n");
        var position = LogFiles.LengthOf(LogFile);
        File.AppendAllText(LogFile, "of this run\n");

        Assert.Equal(["of this run"], LogFiles.Tail(LogFile, 10, position));
    }

    [Fact]
    public void The_tail_of_a_large_file_does_not_begin_with_half_a_line()
    {
        File.WriteAllLines(LogFile, Enumerable.Range(1, 100_000).Select(number => $"line {number}"));

        var tail = LogFiles.Tail(LogFile, 1_000_000);

        Assert.All(tail, line => Assert.StartsWith("line ", line, StringComparison.Ordinal));
        Assert.Equal("line 100000", tail[^1]);
    }

    [Fact]
    public void A_small_log_goes_on_and_a_large_one_makes_room()
    {
        File.WriteAllText(LogFile, "small");
        LogFiles.Rotate(LogFile);
        Assert.True(File.Exists(LogFile));

        File.WriteAllBytes(LogFile, new byte[9 * 1024 * 1024]);
        LogFiles.Rotate(LogFile);
        Assert.False(File.Exists(LogFile));
        Assert.True(File.Exists(LogFile + ".1"));
    }
}
