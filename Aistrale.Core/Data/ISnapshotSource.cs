namespace Aistrale.Core.Data;

/// <summary>
/// Something the data plane keeps whole in memory (keys, tokens, users, ...), so that no call waits for the database.
/// <see cref="SnapshotRefresher"/> loads it at start and again whenever the rows behind <see cref="Topic"/> change.
/// </summary>
internal interface ISnapshotSource
{
    /// <summary>One of <see cref="Topics"/>: the table whose changes make it stale.</summary>
    string Topic { get; }

    /// <summary>Builds the new state aside and swaps it in whole.</summary>
    Task LoadAsync(CancellationToken ct);
}

/// <summary>Tables whose changes are announced. A statement trigger on each bumps its row of <c>change_stamps</c>.</summary>
internal static class Topics
{
    public const string DataKeys = "data_keys";
    public const string ProviderTokens = "provider_tokens";
    public const string Users = "users";
    public const string VirtualKeys = "virtual_keys";

    public static readonly IReadOnlyList<string> All = [DataKeys, ProviderTokens, Users, VirtualKeys];
}
