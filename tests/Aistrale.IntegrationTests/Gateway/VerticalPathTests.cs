using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Gateway;

/// <summary>A key, five providers, streamed and whole: an answer, one record each, and the price of it.</summary>
public sealed class VerticalPathTests(SharedStack shared) : StackTest(shared)
{
    // USD per million tokens, typed from the vendors' lists and not from our catalogue.
    private static readonly Dictionary<string, (decimal Input, decimal Output)> Prices = new()
    {
        ["gpt-4o-mini"] = (0.15m, 0.6m),
        ["claude-haiku-4-5"] = (1m, 5m),
        ["gemini-2.5-flash"] = (0.3m, 2.5m),
        ["groq/llama-3.3-70b-versatile"] = (0.59m, 0.79m),
        ["huggingface/openai/gpt-oss-120b:novita"] = (0.05m, 0.25m),
    };

    public static TheoryData<string, bool> Calls => [.. Prices.Keys.SelectMany(model => new[] { (model, false), (model, true) })];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_is_answered_and_leaves_one_record_priced_from_what_the_provider_counted(string model, bool stream)
    {
        using var response = await ChatAsync(ApiClient.Chat(model, $"Say something. {Guid.CreateVersion7(DateTimeOffset.UtcNow)} sandbox:chunks=12", stream));
        var body = await response.Content.ReadAsStringAsync(Ct);

        Assert.True(response.IsSuccessStatusCode, body);
        Assert.NotEmpty(stream ? StreamedText(body) : JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);
        Assert.Equal(stream, body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));

        var record = await RecordAsync(response.Headers.GetValues("x-request-id").Single());
        var call = await SandboxLog.CallAsync(Stack.SandboxOrigin, record.Id.ToString(), Ct);
        var (input, output) = (call.GetProperty("usage").GetProperty("inputTokens").GetInt64(), call.GetProperty("usage").GetProperty("outputTokens").GetInt64());
        var price = Prices[model];
        var expected = ((input * price.Input) + (output * price.Output)) / 1_000_000;

        Assert.Equal(UsageStatuses.Ok, record.Status);
        Assert.Equal(UsageQualities.Exact, record.UsageQuality);
        Assert.Equal((input, output), (record.Usage.InputTokens, record.Usage.OutputTokens));
        Assert.True(output >= 12);
        Assert.Equal(decimal.Round(expected, 12), decimal.Round(record.CostUsd!.Value, 12));
        Assert.Equal(record.CostUsd, record.PriceRows.Sum(row => row.CostUsd));
        if (!stream)
        {
            Assert.Equal(record.CostUsd, decimal.Parse(response.Headers.GetValues("x-aistrale-cost-usd").Single(), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Cached_and_cache_writing_tokens_have_their_own_prices()
    {
        // gpt-4o-mini: 60 fresh at 0.15, 40 cached at 0.075, 2 out at 0.6
        await AssertCostAsync("gpt-4o-mini", "in=100,cached=40", ((60 * 0.15m) + (40 * 0.075m) + (2 * 0.6m)) / 1_000_000);

        // Haiku: 30 fresh at 1, 40 read at 0.1, 20 written for five minutes at 1.25, 10 for an hour at 2, 2 out at 5
        await AssertCostAsync("claude-haiku-4-5", "in=100,cached=40,cache-write-5m=20,cache-write-1h=10", ((30 * 1m) + (40 * 0.1m) + (20 * 1.25m) + (10 * 2m) + (2 * 5m)) / 1_000_000);

        async Task AssertCostAsync(string model, string directive, decimal usd)
        {
            using var response = await ChatAsync(ApiClient.Chat(model, $"sandbox:out=2,{directive}"));
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
            var record = await RecordAsync(response.Headers.GetValues("x-request-id").Single());
            Assert.Equal((100L, 40L), (record.Usage.InputTokens, record.Usage.CachedInputTokens));
            Assert.Equal(usd, record.CostUsd);
        }
    }

    [Fact]
    public async Task A_model_without_a_price_is_unpriced_and_not_free()
    {
        using var response = await ChatAsync(ApiClient.Chat("openai/a-model-nobody-lists", "Hello"));
        Assert.True(response.IsSuccessStatusCode);
        Assert.False(response.Headers.Contains("x-aistrale-cost-usd"));

        var record = await RecordAsync(response.Headers.GetValues("x-request-id").Single());
        Assert.Null(record.CostUsd);
        Assert.Equal(UsageQualities.Exact, record.UsageQuality);
    }

    [Fact]
    public async Task Hugging_Face_is_priced_by_who_served_it_and_unpriced_when_nobody_says()
    {
        using var named = await ChatAsync(ApiClient.Chat("huggingface/openai/gpt-oss-120b", "sandbox:served=nscale,in=10,out=10"));
        using var unnamed = await ChatAsync(ApiClient.Chat("huggingface/openai/gpt-oss-120b", "sandbox:served=none,in=10,out=10"));

        // nscale: 0.1 in, 0.4 out
        Assert.Equal(0.000005m, (await RecordAsync(named.Headers.GetValues("x-request-id").Single())).CostUsd);
        Assert.Null((await RecordAsync(unnamed.Headers.GetValues("x-request-id").Single())).CostUsd);
    }

    [Fact]
    public async Task The_console_runs_whole_and_streamed_and_sees_both_in_the_list()
    {
        var request = new InferenceRunRequest("claude-haiku-4-5", Input: "Hello", System: "Be brief.", Parameters: new InferenceParameters(Temperature: 0.1, MaxTokens: 5));
        using var whole = await Admin.Http.PostAsJsonAsync("/api/inference/run", request, Ct);
        var answer = await whole.Content.ReadFromJsonAsync<InferenceRunResponse>(Ct);
        using var streamed = await Admin.Http.PostAsJsonAsync("/api/inference/stream", request with { Model = "gemini-2.5-flash" }, Ct);
        var events = await streamed.Content.ReadAsStringAsync(Ct);

        Assert.Equal(5, answer!.Usage.OutputTokens);
        Assert.Equal("length", answer.FinishReason);
        Assert.Equal("text/event-stream", streamed.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("event: start\n", events, StringComparison.Ordinal);
        Assert.Contains("event: delta\n", events, StringComparison.Ordinal);
        Assert.Contains("event: done\n", events, StringComparison.Ordinal);

        await RecordAsync(answer.Id.ToString());
        var list = await Admin.GetAsync<Page<RequestResponse>>("/api/telemetry/requests?limit=200&provider=anthropic", Ct);
        var row = Assert.Single(list.Items, row => row.Id == answer.Id);
        Assert.Equal(answer.CostUsd, row.CostUsd);
        Assert.Null(row.KeyId);
    }

    [Fact]
    public async Task The_list_pages_without_gaps_or_repeats_and_the_summary_adds_up()
    {
        for (var i = 0; i < 5; i++)
        {
            using var response = await ChatAsync(ApiClient.Chat("groq/llama-3.1-8b-instant", "sandbox:in=10,out=3"));
            await RecordAsync(response.Headers.GetValues("x-request-id").Single());
        }

        List<RequestResponse> rows = [];
        string? cursor = null;
        do
        {
            var page = await Admin.GetAsync<Page<RequestResponse>>($"/api/telemetry/requests?limit=2&model=llama-3.1-8b-instant{(cursor is null ? "" : $"&cursor={cursor}")}", Ct);
            rows.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.True(rows.Count >= 5);
        Assert.Equal(rows.Count, rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(rows.OrderByDescending(row => row.StartedAt).Select(row => row.Id), rows.Select(row => row.Id));

        var summary = await Admin.GetAsync<TelemetrySummaryResponse>("/api/telemetry/summary", Ct);
        Assert.True(summary.Requests >= rows.Count);
        Assert.True(summary.CostUsd >= rows.Sum(row => row.CostUsd ?? 0));
        Assert.NotNull(summary.LatencyMs.P95);
    }

    private static string StreamedText(string body) => string.Concat(body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line["data: ".Length..])
        .Where(data => data != "[DONE]")
        .Select(data => JsonDocument.Parse(data).RootElement.GetProperty("choices"))
        .Where(choices => choices.GetArrayLength() > 0)
        .Select(choices => choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));
}
