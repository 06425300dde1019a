using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Gateway;

/// <summary>What the Sandbox says that it received and sent.</summary>
internal static class SandboxLog
{
    /// <summary>The one call that upstream got under this usage record's id.</summary>
    public static async Task<JsonElement> CallAsync(Uri sandbox, string recordId, CancellationToken ct) =>
        Assert.Single(await ReadAsync(sandbox, $"/_sandbox/calls/{recordId}", ct));

    public static Task<JsonElement[]> AllAsync(Uri sandbox, long after, CancellationToken ct) => ReadAsync(sandbox, $"/_sandbox/calls?after={after}&limit=100000", ct);

    public static async Task<long> LastSequenceAsync(Uri sandbox, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = sandbox };
        return (await http.GetFromJsonAsync<JsonElement>("/_sandbox/calls?limit=100000", ct)).GetProperty("lastSequence").GetInt64();
    }

    private static async Task<JsonElement[]> ReadAsync(Uri sandbox, string path, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = sandbox };
        var log = await http.GetFromJsonAsync<JsonElement>(path, ct);
        return [.. log.GetProperty("items").EnumerateArray()];
    }
}
