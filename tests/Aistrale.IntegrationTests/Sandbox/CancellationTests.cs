using System.Diagnostics;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class CancellationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    public static TheoryData<string> AllWires => [.. SandboxClient.Wires];

    [Theory]
    [InlineData("before-headers", "sandbox:first=60s", true)]
    [InlineData("between-tokens", "sandbox:chunks=2,gap=60s", true)]
    [InlineData("in-a-stall", "sandbox:chunks=4,stall=60s", true)]
    [InlineData("whole", "sandbox:delay=60s", false)]
    public async Task Hanging_up_is_noticed_at_once(string when, string text, bool stream)
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var id = $"cancel-{when}";
        var sending = sandbox.Client.Http.SendAsync(SandboxClient.Ask("openai", text, stream, callId: id), hangUp.Token);
        await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("plannedUsage").ValueKind != System.Text.Json.JsonValueKind.Null);

        var watch = Stopwatch.StartNew();
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        var call = await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("outcome").GetString() == "cancelled");

        // Far below the 60 s that the answer would have taken; the margin is for a busy machine.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"noticed after {watch.ElapsedMilliseconds} ms");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, call.GetProperty("usage").ValueKind);
        Assert.True(call.GetProperty("endedAt").GetDateTimeOffset() > call.GetProperty("startedAt").GetDateTimeOffset());
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task An_endless_stream_ends_with_its_reader(string wire)
    {
        var id = $"endless-{wire}";
        using (var response = await sandbox.Client.Http.SendAsync(SandboxClient.Ask(wire, "sandbox:endless=1,gap=1ms", stream: true, callId: id), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            // More than the answer has before it repeats itself.
            await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("tokensSent").GetInt32() > 80);
        }

        var call = await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("outcome").GetString() != "running");
        Assert.Equal("cancelled", call.GetProperty("outcome").GetString());
        Assert.True(call.GetProperty("tokensSent").GetInt32() > 80);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_the_stream_back()
    {
        using var response = await sandbox.Client.Http.SendAsync(SandboxClient.Ask("openai", "sandbox:bytes=60000000,chunks=1000", stream: true, callId: "slow-reader"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        var sent = -1;
        await sandbox.Client.WaitForCallAsync("slow-reader", c =>
        {
            // Standing still between two looks: the buffers in between are full.
            var now = c.GetProperty("tokensSent").GetInt32();
            var still = now == sent && now > 0;
            sent = now;
            return still;
        });
        Assert.InRange(sent, 1, 999);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_streams()
    {
        await using var server = new SandboxFixture();
        await server.InitializeAsync();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 5; i++)
        {
            streams.Add(await server.Client.Http.SendAsync(SandboxClient.Ask("openai", $"sandbox:endless=1 {i}", stream: true), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
        }

        var watch = Stopwatch.StartNew();
        await server.StopAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"stopped after {watch.ElapsedMilliseconds} ms");
        streams.ForEach(s => s.Dispose());
    }
}
