namespace Aistrale.LocalHost.Processes;

/// <summary>Everything needed to run one process under its guard, again and again.</summary>
internal sealed record ProcessSpec
{
    public required string Name { get; init; }

    /// <summary>The program and its arguments. Never a secret: any user of the machine can read them.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The whole environment; nothing else is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string LogFile { get; init; }

    /// <summary>Answers null when the process does its work, otherwise why it does not yet.</summary>
    public required Func<CancellationToken, Task<string?>> Probe { get; init; }

    public string WorkingDirectory { get; init; } = "/";

    public int? Port { get; init; }

    /// <summary>Name of the signal that asks for an orderly end, as the shell writes it.</summary>
    public string StopSignal { get; init; } = "TERM";

    /// <summary>After the signal, what still runs when this has passed is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the process goes on when the launcher was killed: servers outlast the services that write to them.</summary>
    public TimeSpan OrphanDelay { get; init; }

    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(90);
}
