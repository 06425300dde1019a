using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.Sandbox.Calls;

/// <summary>What was received, for tests to ask. Answers are camelCase; token counts are canonical (see <see cref="TokenUsage"/>).</summary>
internal static class CallLogEndpoints
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 100_000;

    public static void MapCallLog(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/_sandbox");
        group.MapGet("/calls", (HttpContext http, CallLog log) => ListAsync(http, log, Number(http, "after", 0), (int)Number(http, "limit", DefaultLimit), null));
        group.MapGet("/calls/{clientRequestId}", (HttpContext http, CallLog log, string clientRequestId) => ListAsync(http, log, 0, MaxLimit, clientRequestId));
        group.MapDelete("/calls", Clear);
        group.MapGet("/stats", StatsAsync);
    }

    private static long Number(HttpContext http, string name, long fallback) =>
        long.TryParse(http.Request.Query[name], out var number) && number >= 0 ? number : fallback;

    private static NoContent Clear(CallLog log)
    {
        log.Clear();
        return TypedResults.NoContent();
    }

    private static async Task StatsAsync(HttpContext http, CallLog log)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("openConnections", log.OpenConnections);
        json.WriteNumber("openCalls", log.OpenCalls);
        json.WriteNumber("openStreams", log.OpenStreams);
        json.WriteNumber("totalCalls", log.LastSequence);
        json.WriteEndObject();
    }

    private static async Task ListAsync(HttpContext http, CallLog log, long after, int limit, string? clientRequestId)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("items");
        var last = after;
        var calls = log.After(after).Where(c => clientRequestId is null || c.ClientRequestId == clientRequestId);
        foreach (var call in calls.Take(Math.Min(limit, MaxLimit)))
        {
            Write(json, call);
            last = call.Sequence;
            if (json.BytesPending > 64 * 1024)
            {
                await json.FlushAsync(http.RequestAborted);
            }
        }

        json.WriteEndArray();
        json.WriteNumber("lastSequence", last);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CallRecord call)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", call.Sequence);
        json.WriteString("clientRequestId", call.ClientRequestId);
        json.WriteString("provider", call.Provider);
        json.WriteString("route", call.Route);
        json.WriteString("method", call.Method);
        json.WriteString("path", call.Path);
        json.WriteString("model", call.Model);
        json.WriteBoolean("stream", call.Stream);
        json.WriteStartObject("headers");
        foreach (var (name, value) in call.Headers)
        {
            if (name is not null)
            {
                json.WriteString(name.ToLowerInvariant(), value);
            }
        }

        json.WriteEndObject();
        json.WriteString("keyLast4", call.KeyLast4);
        json.WriteString("keySha256", call.KeySha256);
        json.WriteString("bodySha256", call.BodySha256 is { } hash ? Convert.ToHexStringLower(hash) : null);
        json.WriteNumber("bodyBytes", call.BodyBytes);
        if (call.Body is { } body)
        {
            json.WriteBase64String("bodyBase64", body);
        }

        json.WriteString("startedAt", call.StartedAt);
        if (call.EndedAt is { } ended)
        {
            json.WriteString("endedAt", ended);
        }
        else
        {
            json.WriteNull("endedAt");
        }

        json.WriteNumber("status", call.Status);
        json.WriteNumber("tokensSent", call.TokensSent);
        WriteUsage(json, "usage", call.Reported);
        WriteUsage(json, "plannedUsage", call.Planned);
        json.WriteString("outcome", Name(call.Outcome));
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, string name, TokenUsage? usage)
    {
        if (usage is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("inputTokens", usage.Input);
        json.WriteNumber("cachedInputTokens", usage.Cached);
        json.WriteNumber("cacheWrite5mTokens", usage.CacheWrite5m);
        json.WriteNumber("cacheWrite1hTokens", usage.CacheWrite1h);
        json.WriteNumber("outputTokens", usage.Output);
        json.WriteNumber("reasoningTokens", usage.Reasoning);
        json.WriteEndObject();
    }

    private static string Name(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Completed => "completed",
        CallOutcome.Cancelled => "cancelled",
        CallOutcome.Failed => "failed",
        CallOutcome.Died => "died",
        _ => "running",
    };
}
