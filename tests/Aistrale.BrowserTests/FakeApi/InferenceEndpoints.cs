using System.Text.Json;
using Aistrale.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aistrale.BrowserTests.FakeApi;

internal static class InferenceEndpoints
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(4);

    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/inference/providers", (FakeState state) =>
            SampleData.ProviderNames.Select(provider => Provider(state, provider.Name, provider.Text)));
        routes.MapGet("/api/inference/models", (FakeState state) =>
            SampleData.Models.Select(model => model with { Available = state.Tokens.Any(token => token.Provider == model.Provider) }));
        routes.MapPost("/api/inference/stream", StreamAsync);
    }

    private static ProviderResponse Provider(FakeState state, string name, string text)
    {
        var tokens = state.Tokens.Count(token => token.Provider == name);
        return new ProviderResponse(name, text, tokens > 0 ? "ready" : "no_token", tokens);
    }

    // The answer is a function of the last message: "fail" ends in an error, "echo:" gives the rest back, "slow" never ends by itself,
    // "cut" breaks the connection; anything else gets the sample answer.
    private static async Task StreamAsync(InferenceRunRequest request, FakeState state, HttpContext context)
    {
        var last = request.Messages is { Count: > 0 } messages ? messages[^1].Content : request.Input ?? "";
        var model = SampleData.Models.FirstOrDefault(known => known.Id == request.Model);
        if (model is null)
        {
            await Problems.Write(context, 404, ErrorCodes.ModelNotFound, $"No model is called “{request.Model}”. Choose one of the list.");
            return;
        }

        var ct = context.RequestAborted;
        var startedAt = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(startedAt);
        context.Response.ContentType = "text/event-stream";
        await SendAsync(context, InferenceEvents.Start, new InferenceStarted(id, model.Provider, model.Name, Problems.TraceId));
        if (last.StartsWith("fail", StringComparison.Ordinal))
        {
            await SendAsync(context, InferenceEvents.Error, new InferenceFailed(ErrorCodes.RateLimitExceeded, "OpenAI refused the call: too many requests. Try again in a few seconds."));
            return;
        }

        var text = last.StartsWith("echo:", StringComparison.Ordinal) ? last["echo:".Length..] : SampleData.Answer;
        foreach (var piece in Pieces(text))
        {
            await SendAsync(context, InferenceEvents.Delta, new InferenceText(piece));
            await Task.Delay(Gap, ct);
        }

        while (last.StartsWith("slow", StringComparison.Ordinal))
        {
            await SendAsync(context, InferenceEvents.Delta, new InferenceText("more "));
            await Task.Delay(TimeSpan.FromMilliseconds(30), ct);
        }

        if (last.StartsWith("cut", StringComparison.Ordinal))
        {
            context.Abort();
            return;
        }

        await FinishAsync(context, state, model, id, startedAt, request, text);
    }

    private static async Task FinishAsync(
        HttpContext context, FakeState state, ModelResponse model, Guid id, DateTimeOffset startedAt, InferenceRunRequest request, string text)
    {
        var detail = SampleData.Request(id, startedAt, model, UsageStatuses.Ok, input: 40 + (request.System?.Length ?? 0), output: Math.Max(1, text.Length / 4), latencyMs: (TimeProvider.System.GetUtcNow() - startedAt).TotalMilliseconds, key: null);
        state.Requests.Add(detail);
        await SendAsync(context, InferenceEvents.Done, new InferenceRunResponse(
            id, null, model.Provider, model.Name, text, [], "stop", detail.Usage, detail.CostUsd, detail.LatencyMs, detail.TimeToFirstTokenMs, detail.Attempts, Problems.TraceId));
    }

    private static IEnumerable<string> Pieces(string text)
    {
        const int Length = 5;
        for (var at = 0; at < text.Length; at += Length)
        {
            yield return text[at..Math.Min(text.Length, at + Length)];
        }
    }

    private static async Task SendAsync<T>(HttpContext context, string type, T data)
    {
        await context.Response.WriteAsync($"event: {type}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
