using Aistrale.Contracts;
using Aistrale.Core.Telemetry;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

internal static class UsageEvents
{
    public static Guid Id(int number) => new($"019a0000-0000-7000-8000-{number:x12}");

    public static UsageEvent Create(int number, string status = UsageStatuses.Interrupted, long? outputTokens = null) => new()
    {
        Id = Id(number),
        StartedAt = Calls.Now,
        WorkspaceId = Calls.WorkspaceId,
        Source = "gateway",
        Dialect = "chat_completions",
        RequestedModel = "gpt-4o-mini",
        Status = status,
        UsageQuality = UsageQualities.Estimated,
        OutputTokens = outputTokens,
        PriceRows = "[]",
        Attempts = "[]",
    };

    /// <summary>Every member set to something that its default is not.</summary>
    public static UsageEvent Full() => new()
    {
        Id = Id(1),
        StartedAt = Calls.Now.AddMilliseconds(123),
        WorkspaceId = Calls.WorkspaceId,
        UserId = Calls.UserId,
        KeyId = Calls.KeyId,
        PromptId = Id(2),
        TokenId = Calls.TokenId,
        Source = "gateway",
        Dialect = "chat_completions",
        RequestedModel = "openai/gpt-\"4o\" é👋",
        Provider = "openai",
        Model = "gpt-4o",
        ServedBy = "novita",
        Stream = true,
        Status = UsageStatuses.Ok,
        UsageQuality = UsageQualities.Exact,
        InputTokens = 20,
        CachedInputTokens = 16,
        CacheWriteTokens = 1,
        OutputTokens = 9,
        ReasoningTokens = 4,
        CostUsd = 0.000007200001m,
        PriceRows = """[{"unit":"input"}]""",
        CatalogueVersion = "0123456789abcdef",
        ServiceTier = "flex",
        LatencyMs = 12.345,
        TimeToFirstTokenMs = 3.5,
        FinishReason = "stop",
        ErrorCode = "none_really",
        UpstreamStatus = 200,
        UpstreamResponseId = "c1",
        Attempts = """[{"provider":"openai"}]""",
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        RecordedAt = Calls.Now,
    };
}
