using System.Text.Json;
using Aistrale.Core.Inference.Providers.Gemini;
using Microsoft.Extensions.AI;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Gemini;

public sealed class GeminiRequestTests
{
    private const string Answer = """{"candidates":[{"content":{"parts":[{"text":"ok"}]},"finishReason":"STOP"}]}""";

    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "weather", "Tells the weather.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string","const":"Oslo"}},"required":["city"]}"""));

    [Theory]
    [InlineData("https://gemini.test", "https://gemini.test/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("https://gemini.test/", "https://gemini.test/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("https://gemini.test/v1beta", "https://gemini.test/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("https://gemini.test/v1beta/", "https://gemini.test/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("http://127.0.0.1:5082/gemini", "http://127.0.0.1:5082/gemini/v1beta/models/gemini-2.5-flash:generateContent")]
    public async Task The_address_is_built_from_any_base(string baseUrl, string expected)
    {
        using var gemini = new FakeGemini().Answer(Answer);

        await gemini.Client(baseUrl: baseUrl).GetResponseAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, gemini.Addresses[0].AbsoluteUri);
        Assert.Empty(gemini.Headers[0]);
    }

    [Fact]
    public async Task A_stream_is_asked_for_with_sse_framing()
    {
        using var gemini = new FakeGemini().Stream($"data: {Answer}\r\n\r\n");

        await gemini.Client().GetStreamingResponseAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken);

        Assert.Equal("https://gemini.test/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", gemini.Addresses[0].AbsoluteUri);
    }

    [Fact]
    public void A_model_name_cannot_leave_its_place_in_the_address()
    {
        Assert.Equal(
            "https://gemini.test/v1beta/models/..%2F..%2Fevil%3Fkey%3Dx%23:generateContent",
            GeminiAddress.Of(new Uri("https://gemini.test"), "../../evil?key=x#", "generateContent").AbsoluteUri);
        Assert.Equal("https://gemini.test/v1beta/models/m:generateContent", GeminiAddress.Of(new Uri("https://gemini.test"), "models/m", "generateContent").AbsoluteUri);
    }

    [Fact]
    public async Task Every_parameter_has_its_place()
    {
        var body = await SendAsync([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions
        {
            Temperature = 0.25f,
            TopP = 0.5f,
            TopK = 40,
            MaxOutputTokens = 100,
            FrequencyPenalty = 0.5f,
            PresencePenalty = -0.5f,
            Seed = 7,
            StopSequences = ["a", "b", "c", "d", "e"],
        });

        AssertJson(
            """
            {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
             "generationConfig":{"temperature":0.25,"topP":0.5,"topK":40,"maxOutputTokens":100,"frequencyPenalty":0.5,"presencePenalty":-0.5,"seed":7,"stopSequences":["a","b","c","d","e"]}}
            """,
            body);
    }

    [Fact]
    public async Task A_sixth_stop_sequence_is_refused_with_a_sentence()
    {
        using var gemini = new FakeGemini();

        var refusal = await Assert.ThrowsAsync<UnsupportedParameterException>(() =>
            gemini.Client().GetResponseAsync("Hi", new ChatOptions { StopSequences = ["a", "b", "c", "d", "e", "f"] }, TestContext.Current.CancellationToken));

        Assert.Equal("stop", refusal.Parameter);
        Assert.Empty(gemini.Addresses);
    }

    [Fact]
    public async Task System_messages_are_joined_and_turns_of_one_side_merged()
    {
        var body = await SendAsync(
            [
                new ChatMessage(ChatRole.System, "One."),
                new ChatMessage(ChatRole.User, "a"),
                new ChatMessage(ChatRole.User, [new TextContent(""), new TextContent("b")]),
                new ChatMessage(ChatRole.Assistant, ""),
                new ChatMessage(new ChatRole("developer"), "Two."),
                new ChatMessage(ChatRole.User, "c"),
                new ChatMessage(ChatRole.Assistant, "d"),
                new ChatMessage(ChatRole.User, "e"),
            ],
            new ChatOptions { Instructions = "Zero." });

        AssertJson("""{"parts":[{"text":"Zero.\n\nOne.\n\nTwo."}]}""", body.GetProperty("systemInstruction"));
        AssertJson(
            """[{"role":"user","parts":[{"text":"a"},{"text":"b"},{"text":"c"}]},{"role":"model","parts":[{"text":"d"}]},{"role":"user","parts":[{"text":"e"}]}]""",
            body.GetProperty("contents"));
    }

    [Fact]
    public async Task Images_and_files_become_parts()
    {
        var body = await SendAsync(
            [new ChatMessage(ChatRole.User, [new TextContent("Look"), new DataContent(new byte[] { 1, 2, 3 }, "image/png"), new UriContent("https://gemini.test/v1beta/files/f1", "application/pdf")])]);

        AssertJson(
            """[{"text":"Look"},{"inlineData":{"mimeType":"image/png","data":"AQID"}},{"fileData":{"mimeType":"application/pdf","fileUri":"https://gemini.test/v1beta/files/f1"}}]""",
            body.GetProperty("contents")[0].GetProperty("parts"));
    }

    [Fact]
    public async Task Structured_output_uses_the_field_that_takes_all_of_json_schema()
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":0}},"additionalProperties":false}""");

        var config = (await SendAsync(options: new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) })).GetProperty("generationConfig");
        AssertJson($$"""{"responseMimeType":"application/json","responseJsonSchema":{{schema.GetRawText()}}}""", config);

        config = (await SendAsync(options: new ChatOptions { ResponseFormat = ChatResponseFormat.Json })).GetProperty("generationConfig");
        AssertJson("""{"responseMimeType":"application/json"}""", config);
    }

    [Fact]
    public async Task Tools_keep_their_schema_as_it_is()
    {
        var body = await SendAsync(options: new ChatOptions { Tools = [Weather, new HostedWebSearchTool()] });

        AssertJson(
            """
            [{"functionDeclarations":[{"name":"weather","description":"Tells the weather.",
              "parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string","const":"Oslo"}},"required":["city"]}}]},{"googleSearch":{}}]
            """,
            body.GetProperty("tools"));
        Assert.False(body.TryGetProperty("toolConfig", out _));
    }

    [Theory]
    [InlineData("none", """{"mode":"NONE"}""")]
    [InlineData("auto", """{"mode":"AUTO"}""")]
    [InlineData("any", """{"mode":"ANY"}""")]
    [InlineData("weather", """{"mode":"ANY","allowedFunctionNames":["weather"]}""")]
    public async Task Tool_choice_is_translated(string choice, string expected)
    {
        ChatToolMode mode = choice switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            "any" => ChatToolMode.RequireAny,
            _ => ChatToolMode.RequireSpecific(choice),
        };

        var body = await SendAsync(options: new ChatOptions { Tools = [Weather], ToolMode = mode });

        AssertJson(expected, body.GetProperty("toolConfig").GetProperty("functionCallingConfig"));
    }

    [Theory]
    [InlineData("gemini-2.5-flash", ReasoningEffort.None, null, """{"thinkingBudget":0}""")]
    [InlineData("gemini-2.5-pro", ReasoningEffort.None, null, """{"thinkingBudget":128}""")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.Medium, ReasoningOutput.Summary, """{"thinkingBudget":8192,"includeThoughts":true}""")]
    [InlineData("gemini-3.8-flash", ReasoningEffort.None, ReasoningOutput.None, """{"thinkingLevel":"minimal","includeThoughts":false}""")]
    [InlineData("gemini-3-pro-preview", ReasoningEffort.Medium, null, """{"thinkingLevel":"high"}""")]
    [InlineData("gemini-3.8-flash", ReasoningEffort.Low, ReasoningOutput.Full, """{"thinkingLevel":"low","includeThoughts":true}""")]
    [InlineData("gemini-3.8-flash", null, ReasoningOutput.Full, """{"includeThoughts":true}""")]
    [InlineData("gemini-2.0-flash", ReasoningEffort.High, ReasoningOutput.Full, null)]
    [InlineData("gemma-3-27b-it", ReasoningEffort.High, null, null)]
    public async Task Reasoning_effort_speaks_the_models_own_words(string model, ReasoningEffort? effort, ReasoningOutput? output, string? expected)
    {
        var config = (await SendAsync(options: new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort, Output = output } }, model: model)).GetProperty("generationConfig");

        Assert.Equal(expected is not null, config.TryGetProperty("thinkingConfig", out var thinking));
        if (expected is not null)
        {
            AssertJson(expected, thinking);
        }
    }

    [Fact]
    public async Task Geminis_own_settings_pass_through()
    {
        var body = await SendAsync(options: new ChatOptions
        {
            AdditionalProperties = new()
            {
                ["thinkingConfig"] = JsonElement.Parse("""{"thinkingBudget":77}"""),
                ["safetySettings"] = JsonElement.Parse("""[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]"""),
                ["cachedContent"] = "cachedContents/abc",
                ["unknown"] = "stays here",
            },
        });

        AssertJson("""{"thinkingBudget":77}""", body.GetProperty("generationConfig").GetProperty("thinkingConfig"));
        Assert.Equal("BLOCK_NONE", body.GetProperty("safetySettings")[0].GetProperty("threshold").GetString());
        Assert.Equal("cachedContents/abc", body.GetProperty("cachedContent").GetString());
        Assert.False(body.TryGetProperty("unknown", out _));
    }

    [Theory]
    [InlineData("""{"temp":5}""", """{"temp":5}""")]
    [InlineData("sunny", """{"output":"sunny"}""")]
    [InlineData("[1,2]", """{"output":"[1,2]"}""")]
    [InlineData("{not json", """{"output":"{not json"}""")]
    [InlineData(5, """{"output":5}""")]
    [InlineData(null, """{"output":null}""")]
    public async Task A_tool_result_is_always_an_object(object? result, string expected)
    {
        var body = await SendAsync(
            [
                new ChatMessage(ChatRole.User, "Hi"),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("id-1", "weather", new Dictionary<string, object?> { ["city"] = "Oslo" })]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("id-1", result)]),
            ]);

        AssertJson("""[{"functionCall":{"id":"id-1","name":"weather","args":{"city":"Oslo"}}}]""", body.GetProperty("contents")[1].GetProperty("parts"));
        AssertJson($$$"""[{"functionResponse":{"id":"id-1","name":"weather","response":{{{expected}}}}}]""", body.GetProperty("contents")[2].GetProperty("parts"));
    }

    [Fact]
    public async Task Gemini_3_gets_a_stand_in_for_a_signature_that_a_client_could_not_keep()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "Hi"),
            new(ChatRole.Assistant, [new FunctionCallContent("a", "weather"), new FunctionCallContent("b", "weather")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", "x"), new FunctionResultContent("b", "y")]),
        ];

        var parts = (await SendAsync(messages, model: "gemini-3.8-flash")).GetProperty("contents")[1].GetProperty("parts");
        Assert.Equal("skip_thought_signature_validator", parts[0].GetProperty("thoughtSignature").GetString());
        Assert.False(parts[1].TryGetProperty("thoughtSignature", out _));

        parts = (await SendAsync(messages)).GetProperty("contents")[1].GetProperty("parts");
        Assert.False(parts[0].TryGetProperty("thoughtSignature", out _));
    }

    [Fact]
    public async Task The_callers_options_are_not_changed()
    {
        var options = new ChatOptions { Temperature = 1 };

        await SendAsync(options: options);

        Assert.Null(options.ModelId);
        Assert.Null(options.AdditionalProperties);
    }

    private static async Task<JsonElement> SendAsync(IEnumerable<ChatMessage>? messages = null, ChatOptions? options = null, string model = "gemini-2.5-flash")
    {
        using var gemini = new FakeGemini().Answer(Answer);
        await gemini.Client(model).GetResponseAsync(messages ?? [new ChatMessage(ChatRole.User, "Hi")], options, TestContext.Current.CancellationToken);
        return gemini.LastBody;
    }

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected}\nbut got {actual.GetRawText()}");
}
