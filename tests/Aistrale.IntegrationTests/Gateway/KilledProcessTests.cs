using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Gateway;

/// <summary>kill -9 of the ApiService while streams run: every call that a provider saw has exactly one record afterwards.</summary>
public sealed class KilledProcessTests
{
    private const int Streams = 50;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_record_is_lost_or_doubled_by_a_kill_in_the_middle_of_streams()
    {
        await using var stack = await LocalStack.StartAsync(Ct);
        using var admin = new ApiClient(stack.ApiOrigin, stack.WebOrigin);
        await admin.LoginAsync(stack.AdminEmail, stack.AdminPassword, Ct);
        var key = (await admin.CreateKeyAsync(new CreateKeyRequest("kill"), Ct)).Key;
        for (var i = 0; i < 5; i++)
        {
            using var finished = await admin.Http.SendAsync(ApiClient.Gateway("/v1/chat/completions", ApiClient.Chat("gpt-4o-mini", $"whole {i}"), key), Ct);
            Assert.True(finished.IsSuccessStatusCode);
        }

        using var http = new HttpClient { BaseAddress = stack.ApiOrigin };
        var begun = new ConcurrentDictionary<int, bool>();
        string[] models = ["gpt-4o-mini", "claude-haiku-4-5", "gemini-2.5-flash", "groq/llama-3.3-70b-versatile", "huggingface/openai/gpt-oss-120b:novita"];
        var streams = Enumerable.Range(0, Streams).Select(i => ReadUntilItBreaksAsync(http, key, models[i % models.Length], i, begun)).ToArray();
        await Eventually.TrueAsync(() => begun.Count == Streams, () => $"Only {begun.Count} streams began. {stack.LogOf(LocalStack.ApiService)}", Ct);

        await stack.KillAsync(LocalStack.ApiService, Ct);
        await Task.WhenAll(streams);
        await stack.StartAsync(LocalStack.ApiService, Ct);

        var seen = await SandboxLog.AllAsync(stack.SandboxOrigin, after: 0, Ct);
        var expected = seen.Select(call => call.GetProperty("clientRequestId").GetString()!).Order().ToArray();
        Assert.Equal(Streams + 5, expected.Length);
        var records = await RecordsAsync(stack, expected.Length);

        Assert.Equal(expected, records.Select(record => record.Id.ToString()).Order());
        Assert.Equal(Streams, records.Count(record => record.Status == UsageStatuses.Interrupted));
        foreach (var record in records.Where(record => record.Status == UsageStatuses.Interrupted))
        {
            Assert.True(record.OutputTokens > 0, $"{record.Id} has no output tokens");
            Assert.True(record.CostUsd > 0, $"{record.Id} has no cost");
        }
    }

    private static async Task ReadUntilItBreaksAsync(HttpClient http, string key, string model, int number, ConcurrentDictionary<int, bool> begun)
    {
        try
        {
            using var request = ApiClient.Gateway("/v1/chat/completions", ApiClient.Chat(model, $"stream {number} sandbox:chunks=5000,gap=20ms", stream: true), key);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct), Encoding.UTF8);
            while (await reader.ReadLineAsync(Ct) is { } line)
            {
                if (HasContent(line))
                {
                    begun.TryAdd(number, true);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The kill.
        }
    }

    private static bool HasContent(string line) =>
        line.StartsWith("data: {", StringComparison.Ordinal)
        && JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices") is var choices && choices.GetArrayLength() > 0
        && choices[0].GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 };

    private static async Task<List<(Guid Id, string Status, long OutputTokens, decimal? CostUsd)>> RecordsAsync(LocalStack stack, int count)
    {
        await using var database = NpgsqlDataSource.Create(stack.DatabaseConnection);
        List<(Guid, string, long, decimal?)> records = [];
        await Eventually.TrueAsync(
            async () =>
            {
                records = [];
                await using var command = database.CreateCommand("SELECT id, status, coalesce(output_tokens, 0), cost_usd FROM usage_event");
                await using var reader = await command.ExecuteReaderAsync(Ct);
                while (await reader.ReadAsync(Ct))
                {
                    records.Add((reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetDecimal(3)));
                }

                return records.Count >= count;
            },
            () => $"{records.Count} of {count} records came.",
            Ct);
        return records;
    }
}
