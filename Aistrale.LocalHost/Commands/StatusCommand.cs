using System.Globalization;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Commands;

/// <summary>Asks every service now instead of repeating what the launcher last saw.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(HomeFolder home, TimeProvider clock, CancellationToken ct)
    {
        if (!HomeLock.IsHeld(home) || HostState.Load(home) is not { } state)
        {
            Console.WriteLine($"Aistrale is not running (data folder {home.Root}). Start it with ./aistrale up.");
            return Refusal.Failed;
        }

        var answers = await Task.WhenAll(state.Services.Select(service => AskAsync(home, service, ct)));
        Console.WriteLine(Row("SERVICE", "STATE", "PID", "PORT", "HEALTH", "UPTIME"));
        foreach (var (service, trouble) in state.Services.Zip(answers))
        {
            Console.WriteLine(Row(
                service.Name,
                service.State.ToString().ToLowerInvariant(),
                Number(service.Process?.ProcessId),
                Number(service.Port),
                trouble ?? "ok",
                service.Process is not null && service.StartedAt is { } startedAt ? Text(clock.GetUtcNow() - startedAt) : "-"));
        }

        var healthy = state.Phase == HostPhase.Running && answers.All(trouble => trouble is null);
        var console = state.Services.Any(service => service.Name == ServiceNames.Web) ? $": http://localhost:{state.WebPort}" : ".";
        Console.WriteLine(healthy ? $"All healthy{console}" : "Not everything is healthy: see ./aistrale logs [service].");
        return healthy ? 0 : Refusal.Failed;
    }

    /// <summary>Null when it works, else what is wrong.</summary>
    private static async Task<string?> AskAsync(HomeFolder home, ServiceStatus service, CancellationToken ct)
    {
        if (service.State == ServiceState.Completed)
        {
            return null;
        }

        if (service.Process is not { } process || !ProcessTable.IsAlive(process) || service.Port is not { } port)
        {
            return service.Detail ?? "not running";
        }

        return service.Name switch
        {
            PostgresProcess.ServiceName => await new PostgresProcess(home, port, Passwords.Load(home), []).ProbeAsync(ct),
            RedisProcess.ServiceName => await new RedisProcess(home, port, Passwords.Load(home)).ProbeAsync(ct),
            _ => await ServiceProcess.ProbeAsync(port, ct),
        };
    }

    private static string Row(string service, string state, string pid, string port, string health, string uptime) =>
        $"{service,-12} {state,-11} {pid,7} {port,6}  {uptime,-12} {health}";

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Text(TimeSpan time) =>
        time.TotalDays >= 1 ? $"{(int)time.TotalDays} d {time.Hours} h"
        : time.TotalHours >= 1 ? $"{time.Hours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{time.Seconds} s";
}
