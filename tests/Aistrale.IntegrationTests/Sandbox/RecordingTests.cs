using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class RecordingTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task A_call_is_recorded_with_what_came_and_what_was_reported()
    {
        const string Body = """{"model":"claude-haiku-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"sandbox:chunks=3,in=50,cached=10,cache-write-5m=4,cache-write-1h=6,reasoning=2"}]}""";
        using var request = SandboxClient.Request(SandboxClient.Messages, Body, "sandbox-secret-1234", "record-one");
        request.Headers.Add("idempotency-key", "abc");
        request.Headers.Add("anthropic-beta", "something");
        await sandbox.Client.SendAsync(request);

        var call = await sandbox.Client.CallAsync("record-one");
        Assert.Equal("anthropic", call.GetProperty("provider").GetString());
        Assert.Equal("messages", call.GetProperty("route").GetString());
        Assert.Equal("/anthropic/v1/messages", call.GetProperty("path").GetString());
        Assert.Equal("claude-haiku-4-5", call.GetProperty("model").GetString());
        Assert.True(call.GetProperty("stream").GetBoolean());
        Assert.Equal(200, call.GetProperty("status").GetInt32());
        Assert.Equal("completed", call.GetProperty("outcome").GetString());
        Assert.Equal(5, call.GetProperty("tokensSent").GetInt32());
        Assert.Equal(Encoding.UTF8.GetByteCount(Body), call.GetProperty("bodyBytes").GetInt32());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body))), call.GetProperty("bodySha256").GetString());
        Assert.Equal(Body, Encoding.UTF8.GetString(call.GetProperty("bodyBase64").GetBytesFromBase64()));
        Assert.Equal("abc", call.GetProperty("headers").GetProperty("idempotency-key").GetString());
        Assert.Equal("something", call.GetProperty("headers").GetProperty("anthropic-beta").GetString());
        Assert.Equal(
            """{"inputTokens":50,"cachedInputTokens":10,"cacheWrite5mTokens":4,"cacheWrite1hTokens":6,"outputTokens":5,"reasoningTokens":2}""",
            call.GetProperty("usage").GetRawText());
        Assert.True(call.GetProperty("endedAt").GetDateTimeOffset() >= call.GetProperty("startedAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task A_key_is_recorded_by_its_end_and_its_hash_only(string wire)
    {
        const string Key = "sandbox-canary-7781";
        await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Hi", key: Key, callId: $"key-{wire}"));

        var call = await sandbox.Client.CallAsync($"key-{wire}");
        Assert.Equal("7781", call.GetProperty("keyLast4").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))), call.GetProperty("keySha256").GetString());
        Assert.DoesNotContain("canary", call.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_sent_are_visible_while_the_stream_runs()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var response = await sandbox.Client.Http.SendAsync(SandboxClient.Ask("openai", "sandbox:endless=1,gap=5ms", stream: true, callId: "live"), HttpCompletionOption.ResponseHeadersRead, stop.Token);

        var early = await sandbox.Client.WaitForCallAsync("live", c => c.GetProperty("tokensSent").GetInt32() > 0);
        var seen = early.GetProperty("tokensSent").GetInt32();
        var later = await sandbox.Client.WaitForCallAsync("live", c => c.GetProperty("tokensSent").GetInt32() > seen + 5);
        var stats = await sandbox.Client.GetAsync("_sandbox/stats");

        Assert.Equal("running", later.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, later.GetProperty("endedAt").ValueKind);
        Assert.True(stats.Json.GetProperty("openStreams").GetInt32() >= 1);
        Assert.True(stats.Json.GetProperty("openConnections").GetInt32() >= 2);
    }

    [Fact]
    public async Task Calls_are_numbered_and_read_on_from_any_number()
    {
        for (var i = 0; i < 5; i++)
        {
            await sandbox.Client.SendAsync(SandboxClient.Ask("groq", "Hi", callId: "numbered"));
        }

        var all = (await sandbox.Client.GetAsync("_sandbox/calls/numbered")).Json.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("sequence").GetInt64()).ToList();
        var next = await sandbox.Client.GetAsync($"_sandbox/calls?after={all[1]}&limit=2");

        Assert.Equal(5, all.Count);
        Assert.Equal(all.Order(), all);
        var page = next.Json.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("sequence").GetInt64()).ToList();
        Assert.Equal(2, page.Count);
        Assert.True(page[0] > all[1]);
        Assert.Equal(page[^1], next.Json.GetProperty("lastSequence").GetInt64());
    }

    [Fact]
    public async Task Refused_calls_are_recorded_as_failed()
    {
        await sandbox.Client.SendAsync(SandboxClient.Ask("openai", "sandbox:fail=429", callId: "refused"));
        await sandbox.Client.SendAsync(SandboxClient.Ask("openai", "Hi", key: "wrong-key-0000", callId: "unauthorized"));

        Assert.Equal(429, (await sandbox.Client.CallAsync("refused")).GetProperty("status").GetInt32());
        var unauthorized = await sandbox.Client.CallAsync("unauthorized");
        Assert.Equal("failed", unauthorized.GetProperty("outcome").GetString());
        Assert.Equal("0000", unauthorized.GetProperty("keyLast4").GetString());
    }

    [Fact]
    public async Task Health_is_answered_without_a_key_and_without_a_record()
    {
        var before = (await sandbox.Client.GetAsync("_sandbox/stats")).Json.GetProperty("openCalls").GetInt32();
        using var alive = await sandbox.Client.Http.GetAsync("alive", TestContext.Current.CancellationToken);
        using var health = await sandbox.Client.Http.GetAsync("health", TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)alive.StatusCode);
        Assert.Equal(200, (int)health.StatusCode);
        Assert.True(before >= 0);
    }
}

public sealed class ForgettingTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Deleting_forgets_calls_and_failure_counters_but_never_reuses_a_number()
    {
        const string Text = "sandbox:fail=503,fail-times=1";
        await sandbox.Client.SendAsync(SandboxClient.Ask("openai", Text, callId: "before"));
        var first = (await sandbox.Client.CallAsync("before")).GetProperty("sequence").GetInt64();

        using var deleted = await sandbox.Client.Http.DeleteAsync("_sandbox/calls", TestContext.Current.CancellationToken);
        var empty = await sandbox.Client.GetAsync("_sandbox/calls");
        var again = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", Text, callId: "after"));

        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal(0, empty.Json.GetProperty("items").GetArrayLength());
        Assert.Equal(503, again.Status);
        Assert.True((await sandbox.Client.CallAsync("after")).GetProperty("sequence").GetInt64() > first);
    }

    [Fact]
    public async Task Open_connections_are_counted()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var before = (await sandbox.Client.GetAsync("_sandbox/stats")).Json.GetProperty("openConnections").GetInt32();
        await socket.ConnectAsync("127.0.0.1", sandbox.Client.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await sandbox.Client.GetAsync("_sandbox/stats")).Json.GetProperty("openConnections").GetInt32() <= before)
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
