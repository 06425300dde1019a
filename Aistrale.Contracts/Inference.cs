using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Aistrale.Contracts;

/// <summary>One turn of a conversation; <paramref name="Role"/> is <c>system</c>, <c>user</c> or <c>assistant</c>.</summary>
public sealed record InferenceMessage(
    [property: Required] string Role,
    [property: Required] string Content);

public sealed record InferenceParameters(
    double? Temperature = null,
    double? TopP = null,
    int? MaxTokens = null,
    IReadOnlyList<string>? Stop = null,
    long? Seed = null,
    string? ReasoningEffort = null,
    JsonElement? ResponseFormat = null,
    JsonElement? Tools = null);

/// <summary>A console run. Either <paramref name="Messages"/> or <paramref name="Input"/> is given.</summary>
public sealed record InferenceRunRequest(
    [property: Required, StringLength(300, MinimumLength = 1)] string Model,
    string? Provider = null,
    Guid? TokenId = null,
    Guid? ConversationId = null,
    IReadOnlyList<InferenceMessage>? Messages = null,
    string? Input = null,
    string? System = null,
    Guid? PromptId = null,
    int? PromptVersion = null,
    IReadOnlyDictionary<string, string>? Variables = null,
    InferenceParameters? Parameters = null,
    IReadOnlyList<string>? Fallbacks = null);

/// <summary>Tokens of one call. Input includes cached and cache-write tokens, output includes reasoning; null = the provider did not say.</summary>
public sealed record TokenUsageResponse(
    long? InputTokens,
    long? CachedInputTokens,
    long? CacheWriteTokens,
    long? OutputTokens,
    long? ReasoningTokens);

public sealed record ToolCallResponse(string Id, string Name, string Arguments);

/// <summary>One try at one target, in order; <paramref name="Outcome"/> is <c>ok</c> or an error code.</summary>
public sealed record AttemptResponse(string Provider, string Model, string Outcome, int? Status, double LatencyMs);

public sealed record InferenceRunResponse(
    Guid Id,
    Guid? ConversationId,
    string Provider,
    string Model,
    string Output,
    IReadOnlyList<ToolCallResponse> ToolCalls,
    string? FinishReason,
    TokenUsageResponse Usage,
    decimal? CostUsd,
    double LatencyMs,
    double? TimeToFirstTokenMs,
    IReadOnlyList<AttemptResponse> Attempts,
    string? TraceId);

/// <summary>Names of the server-sent events of <c>POST /api/inference/stream</c>.</summary>
public static class InferenceEvents
{
    public const string Start = "start";
    public const string Delta = "delta";
    public const string Reasoning = "reasoning";
    public const string ToolCall = "toolCall";
    public const string Done = "done";
    public const string Error = "error";
}

public sealed record InferenceStarted(Guid Id, string Provider, string Model, string? TraceId);

public sealed record InferenceText(string Text);

public sealed record InferenceFailed(string Code, string Message);

/// <summary><paramref name="Status"/> is <c>ready</c> when a call would find a token, else <c>no_token</c>.</summary>
public sealed record ProviderResponse(string Name, string DisplayName, string Status, int Tokens);

/// <summary>Prices are USD per million tokens; null = not in the catalogue.</summary>
public sealed record ModelResponse(
    string Id,
    string Provider,
    string Name,
    long? ContextTokens,
    long? MaxOutputTokens,
    decimal? InputUsdPerMTok,
    decimal? CachedInputUsdPerMTok,
    decimal? OutputUsdPerMTok,
    bool Available);
