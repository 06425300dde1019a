using System.Text.Json.Serialization;

namespace Aistrale.LocalHost.Processes;

[JsonConverter(typeof(JsonStringEnumConverter<ServiceState>))]
internal enum ServiceState
{
    Waiting,
    Starting,
    Healthy,
    Unhealthy,
    Restarting,
    Completed,
    Failed,
    Stopping,
    Stopped,
}

/// <summary>What is known of one service, as shown on the terminal and kept in the state file.</summary>
internal sealed record ServiceStatus(string Name, int? Port)
{
    public ServiceState State { get; init; } = ServiceState.Waiting;

    /// <summary>The service itself, not its guard.</summary>
    public ProcessIdentity? Process { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public int Restarts { get; init; }

    public string? Detail { get; init; }

    /// <summary>From the last start to the first healthy answer.</summary>
    public long? StartMs { get; init; }

    [JsonIgnore]
    public bool IsGood => State is ServiceState.Healthy or ServiceState.Completed;
}
