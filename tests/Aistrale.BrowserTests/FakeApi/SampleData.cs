using Aistrale.Contracts;

namespace Aistrale.BrowserTests.FakeApi;

/// <summary>A believable installation. Prices and windows are samples, not the catalogue.</summary>
internal static class SampleData
{
    private const decimal Million = 1_000_000m;

    public const string Answer =
        """
        A **hash ring** spreads keys over servers so that adding one moves only a few of them.

        1. Hash every server to several points on a circle.
        2. Hash the key to a point as well.
        3. Walk clockwise; the first server found owns the key.

        ```python
        from bisect import bisect

        def owner(ring: list[tuple[int, str]], key: str) -> str:
            at = bisect(ring, (hash(key), ""))
            return ring[at % len(ring)][1]
        ```

        | Servers | Keys that move |
        |---|---|
        | 4 → 5 | about 20 % |
        | 9 → 10 | about 10 % |

        More points per server make the shares more even. See [the original paper](https://example.org/paper) for the proof.
        """;

    public static readonly IReadOnlyList<(string Name, string Text)> ProviderNames =
    [
        (Providers.OpenAI, "OpenAI"),
        (Providers.Anthropic, "Anthropic"),
        (Providers.Gemini, "Gemini"),
        (Providers.Groq, "Groq"),
        (Providers.HuggingFace, "Hugging Face"),
        (Providers.Custom, "Custom"),
    ];

    public static readonly IReadOnlyList<ModelResponse> Models =
    [
        Model(Providers.OpenAI, "gpt-4o-mini", 128_000, 16_384, 0.15m, 0.075m, 0.60m),
        Model(Providers.OpenAI, "gpt-5", 400_000, 128_000, 1.25m, 0.125m, 10m),
        Model(Providers.OpenAI, "gpt-5-mini", 400_000, 128_000, 0.25m, 0.025m, 2m),
        Model(Providers.OpenAI, "o4-mini", 200_000, 100_000, 1.10m, 0.275m, 4.40m),
        Model(Providers.Anthropic, "claude-haiku-4-5", 200_000, 64_000, 1m, 0.10m, 5m),
        Model(Providers.Anthropic, "claude-sonnet-4-5", 200_000, 64_000, 3m, 0.30m, 15m),
        Model(Providers.Gemini, "gemini-2.5-flash", 1_048_576, 65_536, 0.30m, 0.03m, 2.50m),
        Model(Providers.Gemini, "gemini-2.5-pro", 1_048_576, 65_536, 1.25m, 0.125m, 10m),
        Model(Providers.Groq, "llama-3.3-70b-versatile", 131_072, 32_768, 0.59m, null, 0.79m),
        Model(Providers.Groq, "openai/gpt-oss-120b", 131_072, 65_536, 0.15m, 0.075m, 0.60m),
        Model(Providers.HuggingFace, "openai/gpt-oss-120b:novita", 131_072, null, null, null, null),
    ];

    private static readonly string[] Statuses =
        [UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Error,
            UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.ClientCancelled, UsageStatuses.Ok, UsageStatuses.Refused, UsageStatuses.Ok];

    public static void Fill(FakeState state)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (name, _) in ProviderNames.Where(provider => provider.Name is not (Providers.Custom or Providers.HuggingFace)))
        {
            state.Tokens.Add(new TokenResponse(
                Id(now, state.Tokens.Count), name, "sandbox", "7f3c", BaseUrlOf(name), true, TokenVisibilities.Workspace, now.AddDays(-3), now.AddMinutes(-4), "active"));
        }

        state.Tokens.Add(new TokenResponse(
            Id(now, 20), Providers.Custom, "gpu-01", "none", "http://10.20.0.7:8000/v1", false, TokenVisibilities.Private, now.AddDays(-1), null, "active"));
        state.Keys.AddRange(
        [
            Key(now, 1, "checkout-service", "K9xQ", "active", now.AddDays(-20), now.AddMinutes(-2), now.AddDays(70)),
            Key(now, 2, "nightly-evaluation", "b2Vn", "active", now.AddDays(-6), now.AddHours(-11), now.AddDays(24)),
            Key(now, 3, "support-bot (old)", "tR4s", "revoked", now.AddDays(-95), now.AddDays(-12), now.AddDays(-5)) with { RevokedAt = now.AddDays(-12) },
        ]);
        FillRequests(state, now);
    }

    public static string BaseUrlOf(string provider) => provider switch
    {
        Providers.OpenAI => "https://api.openai.com/v1",
        Providers.Anthropic => "https://api.anthropic.com",
        Providers.Gemini => "https://generativelanguage.googleapis.com",
        Providers.Groq => "https://api.groq.com/openai/v1",
        Providers.HuggingFace => "https://router.huggingface.co/v1",
        _ => "",
    };

    public static RequestDetailResponse Request(
        Guid id, DateTimeOffset startedAt, ModelResponse model, string status, long input, long output, double latencyMs, KeyResponse? key)
    {
        var ok = status == UsageStatuses.Ok;
        var priced = model.InputUsdPerMTok is not null && status is UsageStatuses.Ok or UsageStatuses.ClientCancelled;
        var cached = ok && model.CachedInputUsdPerMTok is not null && input > 1_000 ? input / 2 : 0;
        List<PriceRowResponse> rows = !priced ? [] :
        [
            Row("input_tokens", input - cached, model.InputUsdPerMTok),
            .. cached > 0 ? [Row("cached_input_tokens", cached, model.CachedInputUsdPerMTok)] : Array.Empty<PriceRowResponse>(),
            Row("output_tokens", output, model.OutputUsdPerMTok),
        ];
        return new RequestDetailResponse
        {
            Id = id,
            StartedAt = startedAt,
            Provider = status == UsageStatuses.Refused ? null : model.Provider,
            Model = status == UsageStatuses.Refused ? null : model.Name,
            RequestedModel = model.Id,
            KeyId = key?.Id,
            KeyName = key?.Name,
            Status = status,
            UsageQuality = ok ? UsageQualities.Exact : status == UsageStatuses.ClientCancelled ? UsageQualities.Estimated : UsageQualities.None,
            Stream = key is null || input % 3 != 0,
            Usage = priced || ok
                ? new TokenUsageResponse(input, cached, 0, output, 0)
                : new TokenUsageResponse(null, null, null, null, null),
            CostUsd = priced ? rows.Sum(row => row.CostUsd) : status is UsageStatuses.Error or UsageStatuses.Refused ? 0 : null,
            LatencyMs = latencyMs,
            TimeToFirstTokenMs = ok && (key is null || input % 3 != 0) ? latencyMs * 0.22 : null,
            ErrorCode = status switch { UsageStatuses.Error => ErrorCodes.ProviderError, UsageStatuses.Refused => ErrorCodes.BudgetExceeded, _ => null },
            TraceId = Problems.TraceId,
            Source = key is null ? "console" : "gateway",
            Dialect = "chat_completions",
            UserEmail = "ada@example.org",
            FinishReason = ok ? "stop" : null,
            UpstreamStatus = status switch { UsageStatuses.Ok => 200, UsageStatuses.Error => 502, _ => null },
            Attempts = Attempts(model, status, latencyMs, retried: input % 4 == 0),
            PriceRows = rows,
        };
    }

    private static List<AttemptResponse> Attempts(ModelResponse model, string status, double latencyMs, bool retried) => status switch
    {
        UsageStatuses.Refused => [],
        UsageStatuses.Error => [new(model.Provider, model.Name, ErrorCodes.ProviderError, 502, latencyMs)],
        _ when retried =>
        [
            new(model.Provider, model.Name, ErrorCodes.RateLimitExceeded, 429, latencyMs * 0.12),
            new(model.Provider, model.Name, UsageStatuses.Ok, 200, latencyMs * 0.88),
        ],
        _ => [new(model.Provider, model.Name, UsageStatuses.Ok, 200, latencyMs)],
    };

    private static void FillRequests(FakeState state, DateTimeOffset now)
    {
        // The same list in every run: screenshots of two builds can be compared.
        var random = new Random(20261123);
        var at = now.AddSeconds(-20);
        for (var number = 0; number < 640; number++)
        {
            var model = Models[random.Next(Models.Count)];
            var output = random.Next(12, 1_900);
            var key = random.Next(5) == 0 ? null : state.Keys[random.Next(2)];
            state.Requests.Add(Request(
                Guid.CreateVersion7(at), at, model, Statuses[number % Statuses.Length], random.Next(30, 6_000), output, 180 + (output * (2 + (random.NextDouble() * 6))), key));
            at = at.AddSeconds(-random.Next(5, 320));
        }
    }

    private static PriceRowResponse Row(string unit, long quantity, decimal? perMillion) =>
        new(unit, quantity, (perMillion ?? 0) / Million, quantity * (perMillion ?? 0) / Million, "catalogue");

    private static ModelResponse Model(string provider, string name, long context, long? output, decimal? input, decimal? cached, decimal? outputPrice) =>
        new($"{provider}/{name}", provider, name, context, output, input, cached, outputPrice, Available: false);

    private static KeyResponse Key(DateTimeOffset now, int number, string name, string hint, string status, DateTimeOffset created, DateTimeOffset used, DateTimeOffset expires) => new()
    {
        Id = Id(now, 40 + number),
        Name = name,
        Hint = hint,
        Scopes = number == 2 ? [KeyScopes.Inference, KeyScopes.TelemetryRead] : [KeyScopes.Inference],
        OwnerId = Id(now, 99),
        CreatedAt = created,
        LastUsedAt = used,
        ExpiresAt = expires,
        Status = status,
    };

    private static Guid Id(DateTimeOffset now, int number) => Guid.CreateVersion7(now.AddMilliseconds(-number));
}
