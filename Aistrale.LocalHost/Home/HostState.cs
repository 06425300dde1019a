using System.Text.Json;
using System.Text.Json.Serialization;
using Aistrale.LocalHost.Processes;

namespace Aistrale.LocalHost.Home;

[JsonConverter(typeof(JsonStringEnumConverter<HostPhase>))]
internal enum HostPhase
{
    Starting,
    Running,
    Stopping,
    Failed,
}

/// <summary>What the launcher is doing: kept in the data folder for status and down, and sent line by line to the caller of a detached start.</summary>
internal sealed record HostState
{
    public required ProcessIdentity Launcher { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required HostPhase Phase { get; init; }
    public required int WebPort { get; init; }
    public required int ApiPort { get; init; }
    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this);

    public static HostState? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<HostState>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static HostState? Load(HomeFolder home) => File.Exists(home.StateFile) ? Parse(File.ReadAllText(home.StateFile)) : null;

    public void Save(HomeFolder home) => SecretFile.Write(home.StateFile, ToLine());
}
