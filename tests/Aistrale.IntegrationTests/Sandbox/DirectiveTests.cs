using System.Diagnostics;
using System.Text;
using Aistrale.Sandbox.Scripting;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class DirectiveTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    public static TheoryData<string> AllWires => [.. SandboxClient.Wires];

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task Chunks_are_words_events_and_tokens_on_every_wire(string wire)
    {
        var whole = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:chunks=12"));
        var id = $"chunks-{wire}";
        var stream = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:chunks=12", stream: true, callId: id));
        var call = await sandbox.Client.CallAsync(id);

        Assert.Equal(200, whole.Status);
        Assert.Equal(12, SandboxClient.TextOf(wire, stream.Body).Split(' ').Length);
        Assert.Equal(12, call.GetProperty("tokensSent").GetInt32());
        Assert.Equal(12, call.GetProperty("usage").GetProperty("outputTokens").GetInt32());
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task An_unknown_directive_is_a_400_that_names_it(string wire)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Hello sandbox:chunk=3"));

        Assert.Equal(400, reply.Status);
        Assert.Contains("'chunk'", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chunks=0")]
    [InlineData("chunks=many")]
    [InlineData("chunks")]
    [InlineData("gap=soon")]
    [InlineData("gap=")]
    [InlineData("fail=200")]
    [InlineData("die=young")]
    [InlineData("usage=on")]
    [InlineData("lang=xx")]
    [InlineData("in=5,cached=9")]
    [InlineData("out=5,reasoning=9")]
    public async Task A_value_that_cannot_be_followed_is_a_400_with_one_sentence(string directive)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", $"sandbox:{directive}"));

        var message = reply.Json.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal(400, reply.Status);
        Assert.Contains($"'{directive.Split('=')[0]}'", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Please count. sandbox:chunks=3", 3)]
    [InlineData("(sandbox:chunks=4)", 4)]
    [InlineData("End of a sentence: sandbox:chunks=5.", 5)]
    [InlineData("sandbox:chunks=2,gap=1ms, and sandbox:chunks=6 later", 6)]
    public async Task Directives_stand_anywhere_in_the_message(string text, int words)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", text));

        Assert.Equal(words, reply.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("Is there a sandbox: yes or no?")]
    [InlineData("sandbox")]
    public async Task Ordinary_talk_of_a_sandbox_is_no_directive(string text)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", text));

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("openai", "gpt-4o-mini sandbox:chunks=3", "gpt-4o-mini")]
    [InlineData("openai", "gpt-4o-mini-sandbox:chunks=3", "gpt-4o-mini")]
    [InlineData("anthropic", "claude-haiku-4-5 sandbox:chunks=3", "claude-haiku-4-5")]
    [InlineData("gemini", "gemini-2.5-flash sandbox:chunks=3", "gemini-2.5-flash")]
    public async Task Directives_in_the_model_name_are_followed_and_left_out_of_the_answer(string wire, string model, string expected)
    {
        var id = Uri.EscapeDataString($"model-{model}");
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Hello", model: model, callId: id));
        var call = await sandbox.Client.CallAsync(Uri.EscapeDataString(id));

        Assert.Contains($"\"{expected}\"", reply.Body, StringComparison.Ordinal);
        Assert.Equal(3, call.GetProperty("tokensSent").GetInt32());
        Assert.Equal(model, call.GetProperty("model").GetString());
    }

    [Fact]
    public async Task The_message_wins_over_the_model_name()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", "sandbox:chunks=4", model: "m sandbox:chunks=9"));

        Assert.Equal(4, reply.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Only_the_last_user_message_directs()
    {
        var reply = await sandbox.Client.PostAsync(SandboxClient.Chat, """{"model":"m","messages":[{"role":"user","content":"sandbox:fail=500"},{"role":"assistant","content":"Try sandbox:fail=429"},{"role":"user","content":"sandbox:chunks=2"}]}""");

        Assert.Equal(2, reply.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Counts_can_be_forced()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("anthropic", "sandbox:in=20,cached=16,out=9,reasoning=4"));

        var usage = reply.Json.GetProperty("usage");
        Assert.Equal(4, usage.GetProperty("input_tokens").GetInt32());
        Assert.Equal(16, usage.GetProperty("cache_read_input_tokens").GetInt32());
        Assert.Equal(9, usage.GetProperty("output_tokens").GetInt32());
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task Usage_can_be_switched_off(string wire)
    {
        foreach (var stream in new[] { false, true })
        {
            var id = $"usage-off-{wire}-{stream}";
            var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:usage=off,chunks=2", stream, callId: id));
            var call = await sandbox.Client.CallAsync(id);

            Assert.DoesNotContain("tokens\":", reply.Body.Replace("max_output_tokens\":", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("usageMetadata", reply.Body, StringComparison.Ordinal);
            Assert.Equal(System.Text.Json.JsonValueKind.Null, call.GetProperty("usage").ValueKind);
            Assert.Equal(2, call.GetProperty("plannedUsage").GetProperty("outputTokens").GetInt32());
        }
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task A_gap_paces_the_stream(string wire)
    {
        var watch = Stopwatch.StartNew();
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:chunks=11,gap=20ms", stream: true));

        Assert.Equal(11, SandboxClient.TextOf(wire, reply.Body).Split(' ').Length);
        Assert.True(watch.ElapsedMilliseconds >= 190, $"took {watch.ElapsedMilliseconds} ms");
    }

    [Theory]
    [InlineData("sandbox:first=150ms", false)]
    [InlineData("sandbox:first=150ms", true)]
    [InlineData("sandbox:delay=0.15s", false)]
    public async Task A_wait_comes_before_the_headers(string text, bool stream)
    {
        var watch = Stopwatch.StartNew();
        using var response = await sandbox.Client.Http.SendAsync(SandboxClient.Ask("openai", text, stream), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(watch.ElapsedMilliseconds >= 140, $"took {watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Pings_fill_a_silence_without_carrying_data()
    {
        var chat = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", "sandbox:chunks=2,stall=200ms,ping=50ms", stream: true));
        var messages = await sandbox.Client.SendAsync(SandboxClient.Ask("anthropic", "sandbox:chunks=2,stall=200ms,ping=50ms", stream: true));

        Assert.Equal(3, chat.Body.Split(": keep-alive\n\n").Length - 1);
        // One of them is the ping that every stream begins with.
        Assert.Equal(4, SandboxClient.Events(messages.Body).Count(e => e.Event == "ping"));
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task An_answer_can_have_an_exact_size(string wire)
    {
        var whole = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:bytes=100000"));
        var stream = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:bytes=100000,chunks=7", stream: true));
        var line = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:line=100000", stream: true));

        Assert.InRange(whole.Body.Length, 100_000, 103_000);
        Assert.Equal(100_000, SandboxClient.TextOf(wire, stream.Body).Length);
        Assert.Equal(100_000, SandboxClient.TextOf(wire, line.Body).Length);
        Assert.True(line.Body.Split('\n').Max(l => l.Length) > 100_000);
    }

    [Fact]
    public async Task A_large_whole_answer_arrives_with_its_length()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", "sandbox:bytes=9000000"));

        Assert.True(reply.Body.Length > 9_000_000);
        Assert.Equal(reply.Body.Length, reply.ContentHeaders.ContentLength);
    }

    [Theory]
    [InlineData("html", "text/html", "<html>")]
    [InlineData("empty", "application/json", "")]
    [InlineData("truncated", "application/json", "{\"id\":\"chatcmpl-")]
    [InlineData("error200", "application/json", "{\"error\":{\"message\":")]
    public async Task The_body_can_be_something_else_at_status_200(string body, string type, string start)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", $"sandbox:body={body}"));

        Assert.Equal(200, reply.Status);
        Assert.Equal(type, reply.ContentHeaders.ContentType?.MediaType);
        Assert.StartsWith(start, reply.Body, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetByteCount(reply.Body), reply.ContentHeaders.ContentLength);
    }

    [Fact]
    public async Task Garbage_is_neither_utf8_nor_json()
    {
        using var response = await sandbox.Client.Http.SendAsync(SandboxClient.Ask("openai", "sandbox:body=garbage"), TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Throws<DecoderFallbackException>(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
    }

    [Fact]
    public async Task An_html_page_can_stand_in_for_an_error()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("anthropic", "sandbox:body=html,fail=502"));

        Assert.Equal(502, reply.Status);
        Assert.Contains("502 Bad Gateway", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task Faults_can_end_after_some_calls_of_the_same_request(string wire)
    {
        var text = $"sandbox:fail=503,fail-times=2 {wire}";
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await sandbox.Client.SendAsync(SandboxClient.Ask(wire, text))).Status);
        }

        Assert.Equal([503, 503, 200, 200], statuses);
    }

    [Fact]
    public async Task An_extra_header_can_be_as_long_as_wished()
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("openai", "sandbox:header-bytes=20000"));

        Assert.Equal(20_000, reply.Header("x-sandbox-padding")!.Length);
    }

    [Theory]
    [InlineData("crlf")]
    [InlineData("nospace")]
    [InlineData("comments")]
    public async Task Another_framing_carries_the_same_events(string framing)
    {
        var usual = await sandbox.Client.SendAsync(SandboxClient.Ask("anthropic", "sandbox:chunks=4,lang=emoji", stream: true));
        var other = await sandbox.Client.SendAsync(SandboxClient.Ask("anthropic", $"sandbox:chunks=4,lang=emoji,sse={framing}", stream: true));

        Assert.Equal(framing == "crlf", other.Body.Contains("\r\n\r\n", StringComparison.Ordinal));
        Assert.Equal(framing == "nospace", other.Body.Contains("\ndata:{", StringComparison.Ordinal));
        Assert.Equal(framing == "comments", other.Body.Contains(": keep-alive\n\n", StringComparison.Ordinal));
        Assert.Equal(SandboxClient.Events(usual.Body).Select(e => e.Event), SandboxClient.Events(other.Body).Select(e => e.Event));
    }

    [Theory]
    [InlineData("ja")]
    [InlineData("ar")]
    [InlineData("emoji")]
    public async Task Text_beyond_ascii_survives_pieces_of_three_bytes(string language)
    {
        var pieces = await sandbox.Client.SendAsync(SandboxClient.Ask("gemini", $"sandbox:chunks=9,lang={language},split=3", stream: true));

        var text = SandboxClient.TextOf("gemini", pieces.Body);
        Assert.Equal(9, text.Split(' ').Length);
        Assert.DoesNotContain('\uFFFD', text);
        Assert.Contains(text, c => c > 0x7F);
    }

    [Fact]
    public async Task The_start_page_and_the_readme_name_every_directive()
    {
        var page = await sandbox.Client.GetAsync("");
        var readme = await File.ReadAllTextAsync(SourceTree.PathOf("Aistrale.Sandbox/README.md"), TestContext.Current.CancellationToken);

        Assert.All(Directives.All, d =>
        {
            Assert.Contains($"  {d.Name} ", page.Body, StringComparison.Ordinal);
            Assert.Contains($"`{d.Name}`", readme, StringComparison.Ordinal);
        });
        Assert.Contains("curl", page.Body, StringComparison.Ordinal);
    }
}
