using System.Net;
using System.Text.Json;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Inference.Providers.Gemini;
using Aistrale.UnitTests.Core.Inference.Sse;
using Microsoft.Extensions.AI;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Gemini;

public sealed class GeminiChatClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_answer_gives_text_call_usage_and_reason()
    {
        using var gemini = new FakeGemini().Answer(WireFixtures.GeminiBody);

        CheckGolden(await gemini.Client().GetResponseAsync("Hi", cancellationToken: Stop));
    }

    [Fact]
    public async Task A_stream_gives_the_same_at_every_split_point()
    {
        for (var chunkBytes = 1; chunkBytes <= WireFixtures.GeminiStream.Length; chunkBytes += chunkBytes < 40 ? 1 : 37)
        {
            using var gemini = new FakeGemini().Stream(WireFixtures.GeminiStream, chunkBytes);

            CheckGolden(await CollectAsync(gemini.Client()));
        }
    }

    [Fact]
    public async Task Text_arrives_before_the_end_and_usage_comes_once_at_the_end()
    {
        using var gemini = new FakeGemini().Stream(WireFixtures.GeminiStream);

        var updates = await gemini.Client().GetStreamingResponseAsync("Hi", cancellationToken: Stop).ToListAsync(Stop);

        Assert.Equal("Hi", updates[0].Text);
        Assert.Null(updates[0].FinishReason);
        Assert.Equal(ChatFinishReason.ToolCalls, updates[1].FinishReason);
        Assert.Equal("STOP", updates[1].AdditionalProperties!["finishReasonNative"]);
        Assert.IsType<UsageContent>(Assert.Single(updates[2].Contents));
        Assert.Equal(3, updates.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signatures_return_verbatim_on_their_parts_in_the_next_turn(bool isStream)
    {
        const string parts = """
            {"text":"Let me see. ","thought":true},{"text":"Two calls.","thought":true,"thoughtSignature":"dGhvdWdodA=="},{"text":"I will ask both.","thoughtSignature":"dGV4dA=="},
            {"functionCall":{"name":"weather","args":{"city":"Oslo","days":3,"deep":{"x":[1,2.50,"é"]}}},"thoughtSignature":"c2lnL2E+Yg=="},
            {"functionCall":{"id":"g-2","name":"weather","args":{"city":"Rome"}}}
            """;
        var first = $$"""{"candidates":[{"content":{"role":"model","parts":[{{parts.ReplaceLineEndings("")}}]},"finishReason":"STOP"}],"responseId":"r1"}""";
        using var gemini = isStream ? new FakeGemini().Stream($"data: {first}\r\n\r\n") : new FakeGemini().Answer(first);
        var client = gemini.Client("gemini-3.8-flash");
        List<ChatMessage> messages = [new(ChatRole.User, "Weather?")];

        var answer = isStream ? await CollectAsync(client, messages) : await client.GetResponseAsync(messages, cancellationToken: Stop);
        Assert.Equal("Let me see. Two calls.", string.Concat(answer.Messages[0].Contents.OfType<TextReasoningContent>().Select(c => c.Text)));
        Assert.Equal("I will ask both.", answer.Text);
        var calls = answer.Messages[0].Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal("g-2", calls[1].CallId);
        Assert.NotEqual(calls[0].CallId, calls[1].CallId);

        messages.AddMessages(answer);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(calls[0].CallId, "cold")]));
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(calls[1].CallId, "warm")]));
        gemini.Answer(WireFixtures.GeminiBody);
        await client.GetResponseAsync(messages, cancellationToken: Stop);

        var contents = gemini.LastBody.GetProperty("contents");
        Assert.Equal(3, contents.GetArrayLength());
        var thoughts = isStream
            ? """{"text":"Let me see. Two calls.","thought":true,"thoughtSignature":"dGhvdWdodA=="}"""
            : """{"text":"Two calls.","thought":true,"thoughtSignature":"dGhvdWdodA=="}""";
        AssertJson(
            $$$$"""
            {"role":"model","parts":[{{{{thoughts}}}},{"text":"I will ask both.","thoughtSignature":"dGV4dA=="},
             {"functionCall":{"name":"weather","args":{"city":"Oslo","days":3,"deep":{"x":[1,2.50,"é"]}}},"thoughtSignature":"c2lnL2E+Yg=="},
             {"functionCall":{"id":"g-2","name":"weather","args":{"city":"Rome"}}}]}
            """,
            contents[1]);
        AssertJson(
            """
            {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"output":"cold"}}},{"functionResponse":{"id":"g-2","name":"weather","response":{"output":"warm"}}}]}
            """,
            contents[2]);
    }

    [Fact]
    public async Task A_signature_that_streams_in_alone_returns_on_an_empty_text()
    {
        using var gemini = new FakeGemini()
            .Stream("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}]}}]}\r\n\r\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"lo\"}]}}]}\r\n\r\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}]},\"finishReason\":\"STOP\"}]}\r\n\r\n")
            .Answer(WireFixtures.GeminiBody);
        var client = gemini.Client();
        List<ChatMessage> messages = [new(ChatRole.User, "Hi")];

        messages.AddMessages(await CollectAsync(client, messages));
        messages.Add(new ChatMessage(ChatRole.User, "More"));
        await client.GetResponseAsync(messages, cancellationToken: Stop);

        AssertJson("""[{"text":"Hello"},{"text":"","thoughtSignature":"c2ln"}]""", gemini.LastBody.GetProperty("contents")[1].GetProperty("parts"));
    }

    [Fact]
    public async Task Parts_that_are_not_understood_return_as_they_came()
    {
        const string part = """{"executableCode":{"language":"PYTHON","code":"print(1)"}}""";
        using var gemini = new FakeGemini()
            .Answer($$"""{"candidates":[{"content":{"parts":[{{part}},{"text":"1"}]},"finishReason":"STOP"}]}""")
            .Answer(WireFixtures.GeminiBody);
        var client = gemini.Client();
        List<ChatMessage> messages = [new(ChatRole.User, "Hi")];

        messages.AddMessages(await client.GetResponseAsync(messages, cancellationToken: Stop));
        messages.Add(new ChatMessage(ChatRole.User, "More"));
        await client.GetResponseAsync(messages, cancellationToken: Stop);

        AssertJson($$"""[{{part}},{"text":"1"}]""", gemini.LastBody.GetProperty("contents")[1].GetProperty("parts"));
    }

    [Fact]
    public async Task A_generated_image_is_data()
    {
        using var gemini = new FakeGemini().Answer("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AQID"}}]},"finishReason":"STOP"}]}""");

        var answer = await gemini.Client().GetResponseAsync("Draw", cancellationToken: Stop);

        var image = Assert.IsType<DataContent>(Assert.Single(answer.Messages[0].Contents));
        Assert.Equal(("image/png", "AQID"), (image.MediaType, Convert.ToBase64String(image.Data.Span)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blocked_prompt_is_a_filtered_answer_without_text(bool isStream)
    {
        const string body = """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":12,"totalTokenCount":12},"modelVersion":"m"}""";
        using var gemini = isStream ? new FakeGemini().Stream($"data: {body}\r\n\r\n") : new FakeGemini().Answer(body);

        var answer = isStream ? await CollectAsync(gemini.Client()) : await gemini.Client().GetResponseAsync("Hi", cancellationToken: Stop);

        Assert.Equal(ChatFinishReason.ContentFilter, answer.FinishReason);
        Assert.Empty(answer.Text);
        Assert.Equal((12, 0), (answer.Usage!.InputTokenCount, answer.Usage.OutputTokenCount));
    }

    [Theory]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("STOP", "stop")]
    [InlineData("RECITATION", "content_filter")]
    [InlineData("MALFORMED_FUNCTION_CALL", "error")]
    [InlineData("BRAND_NEW", "BRAND_NEW")]
    public async Task Finish_reasons_are_canonical_and_the_native_word_is_kept(string native, string expected)
    {
        using var gemini = new FakeGemini().Answer($$$"""{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"{{{native}}}"}]}""");

        var answer = await gemini.Client().GetResponseAsync("Hi", cancellationToken: Stop);

        Assert.Equal(expected, answer.FinishReason!.Value.Value);
        Assert.Equal(native, answer.AdditionalProperties!["finishReasonNative"]);
    }

    [Theory]
    [InlineData("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}\r\n\r\n", 1)]
    [InlineData("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}\r\n\r\ndata: {\"candidates\":[{\"conte", 1)]
    [InlineData("", 0)]
    [InlineData(": comment\r\n\r\n", 0)]
    public async Task A_stream_without_a_finish_reason_is_no_success(string stream, int updatesBefore)
    {
        using var gemini = new FakeGemini().Stream(stream);
        List<ChatResponseUpdate> updates = [];

        var failure = await Assert.ThrowsAsync<UpstreamProtocolException>(async () =>
        {
            await foreach (var update in gemini.Client().GetStreamingResponseAsync("Hi", cancellationToken: Stop))
            {
                updates.Add(update);
            }
        });

        Assert.Equal(UpstreamFault.Truncated, failure.Fault);
        Assert.Equal(updatesBefore, updates.Count);
    }

    [Fact]
    public async Task A_last_event_without_its_blank_line_still_counts()
    {
        using var gemini = new FakeGemini().Stream(WireFixtures.GeminiStream.TrimEnd());

        CheckGolden(await CollectAsync(gemini.Client()));
    }

    [Theory]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}", UpstreamFault.Truncated)]
    [InlineData("{\"candidates\":[", UpstreamFault.Malformed)]
    [InlineData("<html>", UpstreamFault.Malformed)]
    [InlineData("[]", UpstreamFault.Malformed)]
    [InlineData("", UpstreamFault.Malformed)]
    public async Task A_whole_answer_that_is_none_is_refused(string body, object fault)
    {
        using var gemini = new FakeGemini().Answer(body);

        var failure = await Assert.ThrowsAsync<UpstreamProtocolException>(() => gemini.Client().GetResponseAsync("Hi", cancellationToken: Stop));

        Assert.Equal(fault, failure.Fault);
    }

    [Fact]
    public async Task A_broken_event_in_the_middle_is_refused()
    {
        using var gemini = new FakeGemini().Stream("data: {\"candidates\":[\r\n\r\n" + WireFixtures.GeminiStream);

        var failure = await Assert.ThrowsAsync<UpstreamProtocolException>(() => CollectAsync(gemini.Client()));

        Assert.Equal(UpstreamFault.Malformed, failure.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_keeps_status_and_body_for_the_error_reader_and_out_of_the_message(bool isStream)
    {
        const string body = """{"error":{"code":400,"message":"API key AIzaSyCanary1234567890 not valid.","status":"INVALID_ARGUMENT","details":[{"@type":"x","reason":"API_KEY_INVALID"}]}}""";
        using var gemini = new FakeGemini().Answer(body, HttpStatusCode.BadRequest, with: r => r.Headers.TryAddWithoutValidation("Retry-After", "3"));
        var client = gemini.Client();

        var refusal = await Assert.ThrowsAsync<ProviderHttpException>(() => isStream ? CollectAsync(client) : client.GetResponseAsync("Hi", cancellationToken: Stop));

        var error = refusal.ReadError(DateTimeOffset.UnixEpoch);
        Assert.Equal((400, "INVALID_ARGUMENT", "API key [redacted] not valid.", 3.0), (error.Status, error.Code, error.Message, error.RetryAfterSeconds));
        Assert.DoesNotContain("Canary", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_error_page_is_not_kept()
    {
        using var gemini = new FakeGemini().Answer(new string('x', 100_000), HttpStatusCode.BadGateway, "text/html");

        var refusal = await Assert.ThrowsAsync<ProviderHttpException>(() => gemini.Client().GetResponseAsync("Hi", cancellationToken: Stop));

        Assert.Equal(502, refusal.Status);
        Assert.True(refusal.Body.IsEmpty);
        Assert.False(refusal.ReadError(DateTimeOffset.UnixEpoch).IsParsed);
    }

    [Theory]
    [InlineData("text/event-stream", "data: ", "\r\n\r\n")]
    [InlineData("application/json", "", "")]
    [InlineData("application/json", "[", "]")]
    public async Task An_error_inside_a_200_stream_gets_its_own_status(string contentType, string before, string after)
    {
        using var gemini = new FakeGemini().Answer(before + """{"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}""" + after, contentType: contentType);

        var refusal = await Assert.ThrowsAsync<ProviderHttpException>(() => CollectAsync(gemini.Client()));

        Assert.Equal(503, refusal.Status);
        Assert.Equal("Overloaded.", refusal.ReadError(DateTimeOffset.UnixEpoch).Message);
    }

    [Fact]
    public async Task A_cancelled_caller_stops_the_reading()
    {
        using var gemini = new FakeGemini().Stream(WireFixtures.GeminiStream, chunkBytes: 200);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in gemini.Client().GetStreamingResponseAsync("Hi", cancellationToken: caller.Token))
            {
                await caller.CancelAsync();
            }
        });
    }

    [Fact]
    public void It_tells_who_it_is()
    {
        using var gemini = new FakeGemini();
        var client = gemini.Client();

        var metadata = client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("gemini", new Uri("https://gemini.test"), "gemini-2.5-flash"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
        Assert.Same(client, client.GetService<GeminiChatClient>());
        Assert.Null(client.GetService(typeof(ChatClientMetadata), "other"));
    }

    private static Task<ChatResponse> CollectAsync(GeminiChatClient client, IEnumerable<ChatMessage>? messages = null) =>
        client.GetStreamingResponseAsync(messages ?? [new ChatMessage(ChatRole.User, "Hi")], cancellationToken: Stop).ToChatResponseAsync(Stop);

    private static void CheckGolden(ChatResponse answer)
    {
        Assert.Equal("Hi", answer.Text);
        var call = Assert.Single(answer.Messages[0].Contents.OfType<FunctionCallContent>());
        Assert.Equal(("f", "1"), (call.Name, call.Arguments!["a"]!.ToString()));
        Assert.Equal(("m", "r1"), (answer.ModelId, answer.ResponseId));
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        var usage = answer.Usage!;
        Assert.Equal((20, 16, 9, 4, 29), (usage.InputTokenCount, usage.CachedInputTokenCount, usage.OutputTokenCount, usage.ReasoningTokenCount, usage.TotalTokenCount));
    }

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected}\nbut got {actual.GetRawText()}");
}
