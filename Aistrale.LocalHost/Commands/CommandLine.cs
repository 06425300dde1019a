using System.Globalization;

namespace Aistrale.LocalHost.Commands;

/// <summary>What ./aistrale passes on. Its usage text is in that script, because it must work before anything is built.</summary>
internal static class CommandLine
{
    public const string Serve = "serve";

    private const int DefaultLogLines = 50;

    public static async Task<int> RunAsync(IReadOnlyList<string> words, TimeProvider clock, CancellationToken ct)
    {
        var settings = HostSettings.FromEnvironment(HostSettings.ProcessEnvironment());
        var command = words.Count > 0 ? words[0] : "";
        var rest = words.Skip(1).ToList();
        switch (command)
        {
            case "up" or Serve:
                return await StartAsync(command, rest, settings, clock, ct);
            case "down":
                RefuseUnknown("down", rest);
                return await DownCommand.RunAsync(settings.Home, clock, ct);
            case "status":
                RefuseUnknown("status", rest);
                return await StatusCommand.RunAsync(settings.Home, clock, ct);
            case "logs":
                var follow = Take(rest, "-f") | Take(rest, "--follow");
                var lines = TakeNumber(rest, "-n") ?? DefaultLogLines;
                var service = rest.FirstOrDefault(word => !word.StartsWith('-'));
                RefuseUnknown("logs", rest.Where(word => word != service));
                return await LogsCommand.RunAsync(settings.Home, service, lines, follow, clock, ct);
            case "admin" or "audit" or "keys" or "doctor":
                return await OperatorCommand.RunAsync(settings, words, ct);
            default:
                throw new Refusal($"There is no command '{command}': see ./aistrale --help.");
        }
    }

    private static async Task<int> StartAsync(string command, List<string> options, HostSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var passedOn = options.Where(option => option is not ("--detach" or "--yes")).ToList();
        var detach = Take(options, "--detach");
        var fresh = Take(options, "--fresh");
        var yes = Take(options, "--yes") || command == Serve;
        settings = settings with { WithSandbox = !Take(options, "--no-sandbox"), ServersOnly = Take(options, "--servers-only") };
        RefuseUnknown(command, options);
        if (fresh && !yes)
        {
            throw new Refusal($"--fresh deletes all data in {settings.Home.Root}: add --yes if you mean it.");
        }

        if (command == Serve)
        {
            return await UpCommand.BackgroundAsync(settings, fresh, clock, ct);
        }

        return detach
            ? await DetachedStart.RunAsync(settings, passedOn, ct)
            : await UpCommand.ForegroundAsync(settings, fresh, clock, ct);
    }

    private static bool Take(List<string> words, string option) => words.RemoveAll(word => word == option) > 0;

    private static int? TakeNumber(List<string> words, string option)
    {
        var at = words.IndexOf(option);
        if (at < 0)
        {
            return null;
        }

        var value = at + 1 < words.Count && int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new Refusal($"{option} needs a number after it, for example {option} 100.");
        words.RemoveRange(at, 2);
        return value;
    }

    private static void RefuseUnknown(string command, IEnumerable<string> words)
    {
        if (words.FirstOrDefault() is { } word)
        {
            throw new Refusal($"'{command}' does not know '{word}': see ./aistrale --help.");
        }
    }
}
