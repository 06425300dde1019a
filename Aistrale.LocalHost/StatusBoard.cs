using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost;

/// <summary>Shows a start: a list that is drawn over itself on a terminal, otherwise one line for each change.</summary>
internal sealed class StatusBoard(TextWriter output, bool live, Func<string>? prefix = null)
{
    private const int NameWidth = 12;
    private const string Erase = "\e[2K";

    private readonly Dictionary<string, ServiceState> _shown = [];
    private readonly Lock _gate = new();
    private int _drawnLines;

    public static StatusBoard ForConsole() =>
        new(Console.Out, live: !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb");

    public void Show(HostState state)
    {
        lock (_gate)
        {
            if (live && state.Phase == HostPhase.Starting)
            {
                Draw(state.Services);
            }
            else
            {
                PrintChanges(state.Services);
            }
        }
    }

    private void Draw(IReadOnlyList<ServiceStatus> services)
    {
        if (_drawnLines > 0)
        {
            output.Write($"\e[{_drawnLines}A");
        }

        foreach (var service in services)
        {
            var text = $"{service.Name.PadRight(NameWidth)} {Describe(service)}";
            // A line that wraps would break the counting of lines.
            var room = Math.Max(20, Console.WindowWidth - 5);
            output.WriteLine($"{Erase}  {Mark(service.State)} {(text.Length > room ? text[..room] : text)}");
            _shown[service.Name] = service.State;
        }

        _drawnLines = services.Count;
        output.Flush();
    }

    private void PrintChanges(IReadOnlyList<ServiceStatus> services)
    {
        foreach (var service in services)
        {
            if (service.State == ServiceState.Waiting || (_shown.TryGetValue(service.Name, out var before) && before == service.State))
            {
                continue;
            }

            _shown[service.Name] = service.State;
            output.WriteLine($"{prefix?.Invoke()}{service.Name.PadRight(NameWidth)} {Describe(service)}");
        }

        output.Flush();
    }

    private static string Describe(ServiceStatus service)
    {
        var state = service.State.ToString().ToLowerInvariant();
        return service.State switch
        {
            ServiceState.Healthy or ServiceState.Completed when service.StartMs is { } startMs => $"{state} after {startMs / 1000.0:0.0} s",
            _ when service.Detail is { } detail => $"{state} ({detail})",
            _ => state,
        };
    }

    private static string Mark(ServiceState state) => state switch
    {
        ServiceState.Healthy or ServiceState.Completed => Color(32, "✓"),
        ServiceState.Failed or ServiceState.Unhealthy => Color(31, "✗"),
        ServiceState.Waiting or ServiceState.Stopped => "·",
        _ => Color(33, "…"),
    };

    private static string Color(int code, string text) =>
        Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? text : $"\e[{code}m{text}\e[0m";
}
