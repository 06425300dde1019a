using System.Text;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Commands;

internal static class LogsCommand
{
    private const int NameWidth = 12;

    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(HomeFolder home, string? service, int lines, bool follow, TimeProvider clock, CancellationToken ct)
    {
        if (service is not null && !ServiceNames.WithLogs.Contains(service))
        {
            throw new Refusal($"There is no service '{service}': choose one of {string.Join(", ", ServiceNames.WithLogs)}.");
        }

        var names = service is null ? ServiceNames.WithLogs : [service];
        var positions = names.ToDictionary(name => name, name => LogFiles.LengthOf(home.LogOf(name)));
        if (!follow && names.All(name => !File.Exists(home.LogOf(name))))
        {
            throw new Refusal($"There are no logs yet in {home.Logs}: start Aistrale with ./aistrale up.", Refusal.Failed);
        }

        foreach (var name in names)
        {
            foreach (var line in LogFiles.Tail(home.LogOf(name), lines))
            {
                Print(name, line, alone: service is not null);
            }
        }

        while (follow && !ct.IsCancellationRequested)
        {
            foreach (var name in names)
            {
                positions[name] = await PrintNewAsync(home.LogOf(name), positions[name], line => Print(name, line, service is not null), ct);
            }

            await Task.Delay(FollowInterval, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return 0;
    }

    /// <summary>Prints the complete lines after the position and answers where to go on.</summary>
    private static async Task<long> PrintNewAsync(string path, long position, Action<string> print, CancellationToken ct)
    {
        var length = LogFiles.LengthOf(path);
        if (length < position)
        {
            // A new file took its place.
            position = 0;
        }

        if (length == position)
        {
            return position;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(position, SeekOrigin.Begin);
        var bytes = new byte[length - position];
        await file.ReadExactlyAsync(bytes, ct);
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            print(line);
        }

        return position + end;
    }

    private static void Print(string name, string line, bool alone) => Console.WriteLine(alone ? line : $"{name.PadRight(NameWidth)} {line}");
}
