using System.Text;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Usage;
using Aistrale.UnitTests.Core.Inference.Sse;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class ChatCompletionsReaderTests
{
    [Fact]
    public void Text_reasoning_and_tool_arguments_count_as_output_characters()
    {
        var seen = Reading.Stream("chat", WireFixtures.ChatStream);

        // "Hi", " ça va 👋", "f", {"a":1}
        Assert.Equal(2 + 8 + 1 + 7, seen.OutputCharsSeen);
        Assert.Equal(4, seen.OutputDeltasSeen);
    }

    [Fact]
    public void The_quick_way_counts_what_the_full_reading_counts()
    {
        var quick = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[]}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a\"é\u00e9\n","reasoning_content":"xy"},"finish_reason":null},{"index":1,"delta":{"content":"zz"},"finish_reason":null}],"usage":null}


            """);
        var full = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a\"é\u00e9\n","reasoning_content":"xy"},"finish_reason" : null},{"index":1,"delta" : {"content":"zz"},"finish_reason" : null}],"usage" : null}


            """);

        Assert.Equal(9, full.OutputCharsSeen);
        Assert.Equal(full.OutputCharsSeen, quick.OutputCharsSeen);
        Assert.Equal(full.OutputDeltasSeen, quick.OutputDeltasSeen);
    }

    [Fact]
    public void Text_that_looks_like_protocol_stays_text()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"\"usage\":{\"prompt_tokens\":5},\"finish_reason\":\"stop\",\"error\":\"x\",\"delta\":{\"content\":\"no\"}"},"finish_reason":null}]}


            """);

        Assert.Null(seen.InputTokens);
        Assert.Null(seen.InBandError);
        Assert.False(seen.SawTerminalEvent);
        Assert.Equal(1, seen.OutputDeltasSeen);
    }

    [Fact]
    public void Groq_tells_usage_in_its_own_corner_even_when_nobody_asked()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"x_groq":{"id":"req_1"}}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.01,"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16}}}}

            data: [DONE]


            """);

        Assert.Equal((20, 16, 9), (seen.InputTokens, seen.CachedInputTokens, seen.OutputTokens));
        Assert.Equal("c", seen.UpstreamResponseId);
    }

    [Fact]
    public void Groq_error_in_a_stream_is_an_error()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}

            event: error
            data: {"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed","status_code":400}}


            """);

        Assert.Equal((400, "invalid_request_error", "tool_use_failed"), (seen.InBandError!.Status, seen.InBandError.Type, seen.InBandError.Code));
        Assert.False(seen.SawTerminalEvent);
    }

    [Fact]
    public void Usage_in_the_last_content_chunk_is_read()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}


            """);

        Assert.Equal((3, 2), (seen.InputTokens, seen.OutputTokens));
        Assert.True(seen.SawTerminalEvent);
    }

    [Fact]
    public void Usage_repeated_on_every_chunk_is_not_added_up()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"b"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":0}}


            """);

        Assert.Equal((3, 2), (seen.InputTokens, seen.OutputTokens));
    }

    [Fact]
    public void No_usage_is_null_and_not_zero()
    {
        var seen = Reading.Body("chat", """{"id":"c","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":null}""");

        Assert.Null(seen.InputTokens);
        Assert.Null(seen.OutputTokens);
        Assert.Equal(2, seen.OutputCharsSeen);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":198,"total_tokens":623}""", 20, 603, 405)]
    [InlineData("""{"prompt_tokens":21,"completion_tokens":0,"total_tokens":81,"completion_tokens_details":{"reasoning_tokens":60}}""", 21, 60, 60)]
    public void Reasoning_left_out_of_completion_but_not_of_total_is_billed_as_output(string usage, long input, long output, long reasoning)
    {
        var seen = Reading.Body("chat", $$"""{"id":"c","choices":[],"usage":{{usage}}}""");

        Assert.Equal((input, output, reasoning), (seen.InputTokens, seen.OutputTokens, seen.ReasoningTokens));
    }

    [Fact]
    public void Cache_writes_and_audio_are_read()
    {
        var seen = Reading.Body("chat", """
            {"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":10,"cache_write_tokens":20,"audio_tokens":30,"image_tokens":5},
             "completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":40,"accepted_prediction_tokens":7}}}
            """);

        Assert.Equal((10, 20, null), (seen.CachedInputTokens, seen.CacheWrite5mTokens, seen.CacheWrite1hTokens));
        Assert.Equal((30, 5, 40), (seen.AudioInputTokens, seen.ImageInputTokens, seen.AudioOutputTokens));
    }

    [Fact]
    public void Input_is_never_less_than_its_cached_part()
    {
        var seen = Reading.Body("chat", """{"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":16}}}""");

        Assert.Equal((16, 16), (seen.InputTokens, seen.CachedInputTokens));
    }

    [Fact]
    public void Gemini_in_openai_mode_says_stop_after_a_tool_call_and_leaves_the_index_out()
    {
        var seen = Reading.Stream("chat", """
            data: {"id":"c","model":"m","choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"c2ln"}}}]},"finish_reason":null,"index":0}]}

            data: {"id":"c","model":"m","choices":[{"delta":{"role":"assistant"},"finish_reason":"stop","index":0}]}


            """);

        Assert.Equal(FinishReason.ToolCalls, seen.FinishReason);
        Assert.Equal("stop", seen.FinishReasonNative);
    }

    [Fact]
    public void With_several_choices_the_first_one_gives_the_finish_reason()
    {
        var seen = Reading.Body("chat", """
            {"choices":[{"index":1,"message":{"content":"b"},"finish_reason":"stop"},{"index":0,"message":{"content":"a"},"finish_reason":"length"}]}
            """);

        Assert.Equal(FinishReason.Length, seen.FinishReason);
    }

    [Fact]
    public void Ordinary_deltas_allocate_nothing()
    {
        var seen = new UpstreamObservation();
        var reader = new ChatCompletionsReader(seen);
        using var splitter = new SseEventSplitter();
        var first = """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}""";
        splitter.Append(Encoding.UTF8.GetBytes($"data: {first}\n\ndata: {first}\n\n"));
        splitter.TryRead(out var e);
        reader.OnEvent(e);
        splitter.TryRead(out e);
        reader.OnEvent(e);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            reader.OnEvent(e);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * 1002, seen.OutputCharsSeen);
    }
}
