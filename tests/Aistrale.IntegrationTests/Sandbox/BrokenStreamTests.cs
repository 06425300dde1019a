using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class BrokenStreamTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    public static TheoryData<string> AllWires => [.. SandboxClient.Wires];

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task Mid_stream_death_resets_the_connection_after_half_of_the_tokens(string wire)
    {
        var id = $"die-mid-{wire}";
        var (body, broken) = await sandbox.Client.ReadToTheEndAsync(SandboxClient.Ask(wire, "sandbox:chunks=10,die=mid-stream", stream: true, callId: id));
        var call = await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("outcome").GetString() != "running");

        Assert.True(broken);
        Assert.Equal(5, SandboxClient.TextOf(wire, body).Split(' ').Length);
        Assert.Equal("died", call.GetProperty("outcome").GetString());
        Assert.Equal(5, call.GetProperty("tokensSent").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, call.GetProperty("usage").ValueKind);
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task A_clean_end_without_closing_events_has_all_tokens_and_no_usage(string wire)
    {
        var id = $"no-done-{wire}";
        var (body, broken) = await sandbox.Client.ReadToTheEndAsync(SandboxClient.Ask(wire, "sandbox:chunks=4,die=no-done", stream: true, callId: id));
        var call = await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("outcome").GetString() != "running");

        Assert.False(broken);
        Assert.Equal(4, SandboxClient.TextOf(wire, body).Split(' ').Length);
        Assert.DoesNotContain("[DONE]", body, StringComparison.Ordinal);
        Assert.DoesNotContain("finish_reason\":\"stop\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("finishReason", body, StringComparison.Ordinal);
        Assert.DoesNotContain("message_delta", body, StringComparison.Ordinal);
        Assert.DoesNotContain("response.completed", body, StringComparison.Ordinal);
        Assert.Equal("died", call.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("openai", "[DONE]", "\"finish_reason\":\"stop\"")]
    [InlineData("anthropic", "message_stop", "\"stop_reason\":\"end_turn\"")]
    [InlineData("responses", "response.completed", "response.output_item.done")]
    public async Task Only_the_closing_marker_can_be_missing(string wire, string marker, string last)
    {
        var (body, _) = await sandbox.Client.ReadToTheEndAsync(SandboxClient.Ask(wire, "sandbox:chunks=2,die=no-marker", stream: true));

        Assert.DoesNotContain(marker, body, StringComparison.Ordinal);
        Assert.Contains(last, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "data: {\"error\":{\"message\":")]
    [InlineData("groq", "data: {\"error\":{\"message\":")]
    [InlineData("huggingface", "data: {\"error\":{\"message\":")]
    [InlineData("custom", "data: {\"error\":{\"message\":")]
    [InlineData("anthropic", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"")]
    [InlineData("gemini", "data: {\"error\":{\"code\":503,")]
    [InlineData("responses", "event: error\ndata: {\"type\":\"error\",\"sequence_number\":7,\"error\":{")]
    public async Task An_error_event_after_200_is_the_last_event(string wire, string shape)
    {
        var id = $"error-{wire}";
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:chunks=6,error=mid-stream", stream: true, callId: id));
        var call = await sandbox.Client.CallAsync(id);

        Assert.Equal(200, reply.Status);
        var at = reply.Body.LastIndexOf(shape, StringComparison.Ordinal);
        Assert.True(at > 0, reply.Body);
        Assert.Equal(3, SandboxClient.TextOf(wire, reply.Body[..at]).Split(' ').Length);
        Assert.Equal(reply.Body.TrimEnd().Length, at + reply.Body[at..].TrimEnd().Length);
        Assert.DoesNotContain("[DONE]", reply.Body, StringComparison.Ordinal);
        Assert.Equal("failed", call.GetProperty("outcome").GetString());
        Assert.Equal(3, call.GetProperty("tokensSent").GetInt32());
    }

    [Fact]
    public async Task The_place_of_a_fault_can_be_chosen()
    {
        var (body, broken) = await sandbox.Client.ReadToTheEndAsync(SandboxClient.Ask("openai", "sandbox:chunks=10,die=mid-stream,at=2", stream: true));

        Assert.True(broken);
        Assert.Equal(2, SandboxClient.TextOf("openai", body).Split(' ').Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Death_before_headers_leaves_no_status(bool stream)
    {
        var id = $"before-headers-{stream}";
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.Client.SendAsync(SandboxClient.Ask("openai", "sandbox:die=before-headers", stream, callId: id)));
        var call = await sandbox.Client.WaitForCallAsync(id, c => c.GetProperty("outcome").GetString() == "died");

        Assert.Equal(0, call.GetProperty("status").GetInt32());
        Assert.Equal(0, call.GetProperty("tokensSent").GetInt32());
    }

    [Theory]
    [InlineData("before-first", true, 0)]
    [InlineData("before-first", false, 0)]
    [InlineData("mid-stream", false, 1)]
    public async Task Death_after_headers_breaks_the_body(string die, bool stream, int atLeast)
    {
        var (body, broken) = await sandbox.Client.ReadToTheEndAsync(SandboxClient.Ask("openai", $"sandbox:chunks=100,die={die}", stream));

        Assert.True(broken);
        Assert.InRange(body.Length, atLeast, atLeast == 0 ? 0 : 2000);
    }
}
