using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed record Reply(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Body)
{
    /// <summary>The body with its only clock reading taken out.</summary>
    public string TimelessBody => Regex.Replace(Body, "\"(created|created_at)\":\\d+", "\"$1\":0");

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>Speaks to the sandbox as each provider's SDK would, byte by byte.</summary>
public sealed partial class SandboxClient(Uri origin) : IDisposable
{
    public const string Chat = "openai/v1/chat/completions";
    public const string Responses = "openai/v1/responses";
    public const string Messages = "anthropic/v1/messages";
    public const string Generate = "gemini/v1beta/models/gemini-2.5-flash:generateContent";
    public const string StreamGenerate = "gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";

    /// <summary>Wire formats by a short name, for theories over all of them.</summary>
    public static readonly string[] Wires = ["openai", "responses", "anthropic", "gemini", "groq", "huggingface", "custom"];

    public HttpClient Http { get; } = new() { BaseAddress = origin };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Http.Dispose();

    public static HttpRequestMessage Request(string path, string? json, string key = "sandbox-test", string? callId = null)
    {
        var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (path.StartsWith("anthropic", StringComparison.Ordinal))
        {
            request.Headers.Add("x-api-key", key);
            request.Headers.Add("anthropic-version", "2023-06-01");
        }
        else if (path.StartsWith("gemini", StringComparison.Ordinal))
        {
            request.Headers.Add("x-goog-api-key", key);
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (callId is not null)
        {
            request.Headers.Add("x-client-request-id", callId);
        }

        return request;
    }

    /// <summary>The same question on any wire.</summary>
    public static HttpRequestMessage Ask(string wire, string text, bool stream = false, string key = "sandbox-test", string? callId = null, string? model = null)
    {
        var quoted = JsonSerializer.Serialize(text);
        var flag = stream ? "true" : "false";
        return wire switch
        {
            "openai" => Request(Chat, $$"""{"model":"{{model ?? "gpt-4o-mini"}}","stream":{{flag}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":{{quoted}}}]}""", key, callId),
            "groq" => Request("groq/openai/v1/chat/completions", $$"""{"model":"{{model ?? "llama-3.3-70b-versatile"}}","stream":{{flag}},"messages":[{"role":"user","content":{{quoted}}}]}""", key, callId),
            "huggingface" => Request("huggingface/v1/chat/completions", $$"""{"model":"{{model ?? "openai/gpt-oss-120b:novita"}}","stream":{{flag}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":{{quoted}}}]}""", key, callId),
            "custom" => Request("custom/v1/chat/completions", $$"""{"model":"{{model ?? "sandbox-small"}}","stream":{{flag}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":{{quoted}}}]}""", key, callId),
            "responses" => Request(Responses, $$"""{"model":"{{model ?? "gpt-5"}}","stream":{{flag}},"input":{{quoted}}}""", key, callId),
            "anthropic" => Request(Messages, $$"""{"model":"{{model ?? "claude-haiku-4-5"}}","max_tokens":100000,"stream":{{flag}},"messages":[{"role":"user","content":{{quoted}}}]}""", key, callId),
            "gemini" => Request(
                $"gemini/v1beta/models/{Uri.EscapeDataString(model ?? "gemini-2.5-flash")}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
                $$"""{"contents":[{"role":"user","parts":[{"text":{{quoted}}}]}]}""",
                key,
                callId),
            _ => throw new ArgumentOutOfRangeException(nameof(wire), wire, "no such wire"),
        };
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
        return new Reply((int)response.StatusCode, response.Headers, response.Content.Headers, Encoding.UTF8.GetString(bytes));
    }

    public Task<Reply> PostAsync(string path, string json) => SendAsync(Request(path, json));

    public Task<Reply> GetAsync(string path) => SendAsync(Request(path, null));

    /// <summary>What arrives until the connection breaks or the body ends; says whether it broke.</summary>
    public async Task<(string Body, bool Broken)> ReadToTheEndAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var stream = await response.Content.ReadAsStreamAsync(Ct);
        using var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read, Ct);
            return (Encoding.UTF8.GetString(read.ToArray()), false);
        }
        catch (IOException)
        {
            return (Encoding.UTF8.GetString(read.ToArray()), true);
        }
    }

    /// <summary>The sandbox's record of the one call with this id.</summary>
    public async Task<JsonElement> CallAsync(string callId)
    {
        var calls = await GetAsync($"_sandbox/calls/{callId}");
        return Assert.Single(calls.Json.GetProperty("items").EnumerateArray());
    }

    public async Task<JsonElement> WaitForCallAsync(string callId, Func<JsonElement, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var calls = await GetAsync($"_sandbox/calls/{callId}");
            foreach (var call in calls.Json.GetProperty("items").EnumerateArray())
            {
                if (condition(call))
                {
                    return call;
                }
            }

            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Events of a stream as (event name, data); the framing itself is checked by the tests that care.</summary>
    public static List<(string? Event, string Data)> Events(string body)
    {
        var events = new List<(string?, string)>();
        string? name = null;
        var data = new List<string>();
        foreach (var line in body.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            if (line.Length == 0)
            {
                if (data.Count > 0)
                {
                    events.Add((name, string.Join('\n', data)));
                }

                (name, data) = (null, []);
            }
            else if (line.StartsWith("event:", StringComparison.Ordinal))
            {
                name = line[6..].TrimStart();
            }
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Add(line[5..].TrimStart());
            }
        }

        return events;
    }

    /// <summary>All text of a stream, whichever wire it is on.</summary>
    public static string TextOf(string wire, string body) => string.Concat(Events(body).Where(e => e.Data != "[DONE]").Select(e => TextOf(wire, JsonDocument.Parse(e.Data).RootElement)));

    private static string TextOf(string wire, JsonElement data) => wire switch
    {
        "anthropic" => data.GetProperty("type").GetString() == "content_block_delta" && data.GetProperty("delta").TryGetProperty("text", out var text) ? text.GetString()! : "",
        "responses" => data.GetProperty("type").GetString() == "response.output_text.delta" ? data.GetProperty("delta").GetString()! : "",
        "gemini" => data.TryGetProperty("candidates", out var candidates) ? candidates[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()! : "",
        _ => data.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() ?? "" : "",
    };
}
