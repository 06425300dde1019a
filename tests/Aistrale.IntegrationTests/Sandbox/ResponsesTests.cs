using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class ResponsesTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task A_whole_answer_has_the_bytes_of_the_format()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, """{"model":"gpt-5","input":"sandbox:chunks=2"}""", "sandbox-demo"));

        Assert.Equal(
            """{"id":"resp_10c7b9fa621e2e7cbb361381fd566d5e16b3e6c92deaf561","object":"response","created_at":0,"status":"completed","background":false,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"gpt-5","output":[{"id":"msg_e7e2db0e6df8210f603bbdf5a4faa08da440f7ebe8229e94","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"summit orchard"}],"role":"assistant"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{"input_tokens":11,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":13},"user":null,"metadata":{}}""",
            reply.TimelessBody);
    }

    [Fact]
    public async Task A_stream_has_every_event_in_order_and_numbered()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Responses, """{"model":"gpt-5","stream":true,"input":"sandbox:chunks=2,reasoning=1,tools=1","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}}]}""");

        var events = SandboxClient.Events(reply.Body);
        Assert.Equal(
            [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done",
                "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done",
                "response.completed",
            ],
            events.Select(e => e.Event));
        var data = events.Select(e => JsonDocument.Parse(e.Data).RootElement).ToList();
        Assert.Equal(events.Select(e => e.Event), data.Select(d => d.GetProperty("type").GetString()));
        Assert.Equal(Enumerable.Range(0, events.Count), data.Select(d => d.GetProperty("sequence_number").GetInt32()));
        Assert.DoesNotContain("[DONE]", reply.Body, StringComparison.Ordinal);

        var response = data[^1].GetProperty("response");
        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Equal(["reasoning", "message", "function_call"], response.GetProperty("output").EnumerateArray().Select(o => o.GetProperty("type").GetString()));
        Assert.Equal("""{"n":1}""", response.GetProperty("output")[2].GetProperty("arguments").GetString());
        Assert.NotEqual(response.GetProperty("output")[2].GetProperty("id").GetString(), response.GetProperty("output")[2].GetProperty("call_id").GetString());
        Assert.Equal(
            """{"input_tokens":42,"input_tokens_details":{"cached_tokens":0},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":46}""",
            response.GetProperty("usage").GetRawText());
    }

    [Theory]
    [InlineData("sandbox:chunks=9", 4, "incomplete", "max_output_tokens", "response.incomplete")]
    [InlineData("sandbox:chunks=3,finish=content_filter", 100, "incomplete", "content_filter", "response.incomplete")]
    [InlineData("sandbox:chunks=3,finish=failed", 100, "failed", null, "response.failed")]
    public async Task An_answer_that_does_not_complete_says_why(string text, int limit, string status, string? reason, string lastEvent)
    {
        var whole = await sandbox.Client.PostAsync(SandboxClient.Responses, $$"""{"model":"gpt-5","input":"{{text}}","max_output_tokens":{{limit}}}""");
        var stream = await sandbox.Client.PostAsync(SandboxClient.Responses, $$"""{"model":"gpt-5","stream":true,"input":"{{text}}","max_output_tokens":{{limit}}}""");

        Assert.Equal(status, whole.Json.GetProperty("status").GetString());
        Assert.Equal(reason, whole.Json.GetProperty("incomplete_details") is { ValueKind: JsonValueKind.Object } details ? details.GetProperty("reason").GetString() : null);
        Assert.Equal(lastEvent, SandboxClient.Events(stream.Body)[^1].Event);
    }

    [Fact]
    public async Task A_chain_goes_on_under_its_own_key_only()
    {
        var first = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, """{"model":"gpt-5","input":"Hi"}""", "sandbox-one"));
        var next = $$"""{"model":"gpt-5","input":"And?","previous_response_id":"{{first.Json.GetProperty("id").GetString()}}"}""";

        var same = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, next, "sandbox-one"));
        var other = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, next, "sandbox-two"));

        Assert.Equal(200, same.Status);
        Assert.Equal(400, other.Status);
        Assert.Equal("previous_response_not_found", other.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Encrypted_reasoning_is_accepted_under_its_own_key_only()
    {
        const string Ask = """{"model":"gpt-5","input":"sandbox:reasoning=3","include":["reasoning.encrypted_content"]}""";
        var first = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, Ask, "sandbox-one"));
        var item = first.Json.GetProperty("output")[0];
        var next = $$"""{"model":"gpt-5","input":[{{item.GetRawText()}},{"role":"user","content":"And?"}]}""";

        var same = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, next, "sandbox-one"));
        var other = await sandbox.Client.SendAsync(SandboxClient.Request(SandboxClient.Responses, next, "sandbox-two"));

        Assert.Equal("reasoning", item.GetProperty("type").GetString());
        Assert.Equal(200, same.Status);
        Assert.Equal("invalid_encrypted_content", other.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_error_in_the_stream_is_nested_as_the_service_sends_it()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Responses, """{"model":"gpt-5","stream":true,"input":"sandbox:chunks=4,error=mid-stream"}""");

        var (name, data) = SandboxClient.Events(reply.Body)[^1];
        Assert.Equal("error", name);
        Assert.Equal("""{"type":"error","sequence_number":6,"error":{"type":"server_error","code":"server_error","message":"The provider failed in the middle of the answer.","param":null}}""", data);
    }

    [Fact]
    public async Task Stored_responses_cannot_be_fetched()
    {
        var reply = await sandbox.Client.GetAsync("openai/v1/responses/resp_1");

        Assert.Equal(404, reply.Status);
        Assert.Equal("invalid_request_error", reply.Json.GetProperty("error").GetProperty("type").GetString());
    }
}
