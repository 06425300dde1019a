using System.Text;
using Aistrale.Contracts;
using Aistrale.Core;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Dialects.ChatCompletions;
using CsCheck;
using Microsoft.Extensions.AI;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class ChatCompletionsTranslatorTests
{
    private const string Hello = """[{"role":"user","content":"Hi"}]""";

    private static readonly string[] Fields =
    [
        "messages", "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "frequency_penalty", "presence_penalty", "reasoning_effort",
        "n", "modalities", "response_format", "tool_choice", "tools", "user", "logit_bias", "something",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "1.5", "1e400", "99999999999999999999", "\"\"", "\"text\"", "\"none\"", "\"high\"", "\"\\ud800\"", "[]", "[1]", "[null]", "[\"a\",\"\\udc00\"]", "[{}]",
        "{}", "{\"type\":5}", "{\"type\":\"text\"}", "{\"type\":null}", "[{\"role\":5}]", "[{\"role\":\"\\ud800\"}]", "[{\"role\":\"user\"}]", "[{\"role\":\"user\",\"content\":\"\\ud800\"}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":5}]}]", "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\udfff\"}]}]", "[{\"role\":\"user\",\"content\":[null]}]",
        "[{\"role\":\"user\",\"content\":\"Hi\",\"\\ud800\":1}]", "[{\"role\":\"user\",\"content\":\"Hi\",\"tool_choice\":5}]", "[{\"role\":\"user\",\"content\":\"Hi\",\"modalities\":[5]}]",
    ];

    [Fact]
    public void Messages_keep_their_order_roles_and_text()
    {
        var request = Translate("""
            {"model":"m","messages":[
              {"role":"system","content":"Be brief."},{"role":"developer","content":"Really."},
              {"role":"user","name":"ann","content":"Hi 👋 \"x\""},{"role":"assistant","content":"Yes?","refusal":null,"tool_calls":[],"audio":null},
              {"role":"user","content":[{"type":"text","text":"One"},{"type":"text","text":" two"}]},{"role":"user","content":""}]}
            """).Value;

        Assert.Equal(
            [
                (ChatRole.System, "Be brief."), (ChatRole.System, "Really."), (ChatRole.User, "Hi 👋 \"x\""),
                (ChatRole.Assistant, "Yes?"), (ChatRole.User, "One two"), (ChatRole.User, ""),
            ],
            request.Messages.Select(message => (message.Role, message.Text)));
        Assert.Equal(["One", " two"], request.Messages[4].Contents.Cast<TextContent>().Select(content => content.Text));
        Assert.Empty(request.Dropped);
    }

    [Fact]
    public void Every_sampling_field_arrives_in_the_options()
    {
        var options = TranslateWith("""
            "temperature":0.5,"top_p":0.25,"frequency_penalty":-1.5,"presence_penalty":2,"max_tokens":77,"seed":-9007199254740993,"stop":["a","b"],"reasoning_effort":"high"
            """).Value.Options;

        Assert.Equal(0.5f, options.Temperature);
        Assert.Equal(0.25f, options.TopP);
        Assert.Equal(-1.5f, options.FrequencyPenalty);
        Assert.Equal(2f, options.PresencePenalty);
        Assert.Equal(77, options.MaxOutputTokens);
        Assert.Equal(-9007199254740993, options.Seed);
        Assert.Equal(["a", "b"], options.StopSequences!);
        Assert.Equal(ReasoningEffort.High, options.Reasoning!.Effort);
    }

    [Fact]
    public void What_is_not_said_stays_unset()
    {
        var options = TranslateWith("\"temperature\":null,\"stop\":null,\"max_tokens\":null,\"reasoning_effort\":null").Value.Options;

        Assert.Null(options.Temperature);
        Assert.Null(options.TopP);
        Assert.Null(options.FrequencyPenalty);
        Assert.Null(options.PresencePenalty);
        Assert.Null(options.MaxOutputTokens);
        Assert.Null(options.Seed);
        Assert.Null(options.StopSequences);
        Assert.Null(options.Reasoning);
    }

    [Fact]
    public void The_newer_name_of_the_output_limit_is_read_and_one_stop_sequence_may_stand_alone()
    {
        var options = TranslateWith("\"max_completion_tokens\":5,\"stop\":\"END\"").Value.Options;

        Assert.Equal(5, options.MaxOutputTokens);
        Assert.Equal(["END"], options.StopSequences!);
    }

    [Theory]
    [InlineData("none", nameof(ReasoningEffort.None))]
    [InlineData("minimal", nameof(ReasoningEffort.Low))]
    [InlineData("low", nameof(ReasoningEffort.Low))]
    [InlineData("medium", nameof(ReasoningEffort.Medium))]
    [InlineData("high", nameof(ReasoningEffort.High))]
    [InlineData("xhigh", nameof(ReasoningEffort.ExtraHigh))]
    public void Every_reasoning_effort_has_its_equivalent(string given, string expected) =>
        Assert.Equal(expected, TranslateWith($"\"reasoning_effort\":\"{given}\"").Value.Options.Reasoning!.Effort.ToString());

    [Theory]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"temperature\":1e400", "temperature")]
    [InlineData("\"top_p\":true", "top_p")]
    [InlineData("\"frequency_penalty\":[]", "frequency_penalty")]
    [InlineData("\"presence_penalty\":{}", "presence_penalty")]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_tokens\":-1", "max_tokens")]
    [InlineData("\"max_tokens\":2147483648", "max_tokens")]
    [InlineData("\"max_completion_tokens\":1.5", "max_completion_tokens")]
    [InlineData("\"seed\":1.5", "seed")]
    [InlineData("\"seed\":9223372036854775808", "seed")]
    [InlineData("\"stop\":5", "stop")]
    [InlineData("\"stop\":[\"a\",5]", "stop")]
    [InlineData("\"stop\":[null]", "stop")]
    [InlineData("\"reasoning_effort\":\"extreme\"", "reasoning_effort")]
    [InlineData("\"reasoning_effort\":3", "reasoning_effort")]
    public void A_value_that_cannot_be_is_refused_by_the_name_of_its_field(string member, string field) =>
        AssertRefused(TranslateWith(member), ErrorCodes.InvalidRequest, field, $"The value of {field} is not valid.");

    [Theory]
    [InlineData("\"user\":\"u1\"", "user")]
    [InlineData("\"metadata\":{\"a\":\"b\"}", "metadata")]
    [InlineData("\"store\":true", "store")]
    [InlineData("\"service_tier\":\"flex\"", "service_tier")]
    [InlineData("\"safety_identifier\":\"s\"", "safety_identifier")]
    [InlineData("\"prompt_cache_key\":\"k\"", "prompt_cache_key")]
    [InlineData("\"prompt_cache_retention\":\"24h\"", "prompt_cache_retention")]
    [InlineData("\"verbosity\":\"low\"", "verbosity")]
    [InlineData("\"parallel_tool_calls\":false", "parallel_tool_calls")]
    public void What_does_not_change_the_answer_is_dropped_and_said_so(string member, string name) =>
        Assert.Equal([name], TranslateWith(member).Value.Dropped);

    [Theory]
    [InlineData("\"n\":1")]
    [InlineData("\"n\":null")]
    [InlineData("\"tools\":[]")]
    [InlineData("\"tool_choice\":\"none\"")]
    [InlineData("\"modalities\":[\"text\"]")]
    [InlineData("\"response_format\":{\"type\":\"text\"}")]
    [InlineData("\"logprobs\":false")]
    [InlineData("\"audio\":null")]
    [InlineData("\"something_new\":null")]
    public void What_asks_for_nothing_is_no_obstacle(string member) => Assert.Empty(TranslateWith(member).Value.Dropped);

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "tools")]
    [InlineData("\"tool_choice\":\"auto\"", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"text\"}", "tool_choice")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"modalities\":[\"audio\"]", "modalities")]
    [InlineData("\"modalities\":[5]", "modalities")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData("\"response_format\":{\"type\":5}", "response_format")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"logit_bias\":{\"1\":-100}", "logit_bias")]
    [InlineData("\"something_new\":\"x\"", "something_new")]
    public void What_would_change_the_answer_and_cannot_be_translated_is_refused_by_name(string member, string field)
    {
        var failure = TranslateWith(member).Failure!;

        Assert.Equal((ErrorCodes.UnsupportedParameter, field), (failure.Code, failure.Field));
        Assert.StartsWith($"{field} cannot be translated", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":\"1\"}", "messages[0].role")]
    [InlineData("{\"role\":\"function\",\"content\":\"x\"}", "messages[0].role")]
    [InlineData("{\"role\":\"assistant\",\"content\":\"x\",\"tool_calls\":[{\"id\":\"1\"}]}", "messages[0].tool_calls")]
    [InlineData("{\"role\":\"assistant\",\"content\":\"x\",\"reasoning_content\":\"hm\"}", "messages[0].reasoning_content")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}]}", "messages[0].content[1]")]
    [InlineData("{\"role\":\"user\",\"content\":[\"text\"]}", "messages[0].content[0]")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":5,\"text\":\"a\"}]}", "messages[0].content[0]")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":5}]}", "messages[0].content[0]")]
    public void A_part_of_a_message_that_cannot_be_translated_is_refused_by_its_place(string message, string field)
    {
        var failure = Translate($$"""{"model":"m","messages":[{{message}}]}""").Failure!;

        Assert.Equal((ErrorCodes.UnsupportedParameter, field), (failure.Code, failure.Field));
    }

    [Theory]
    [InlineData("{}", "messages[1] must be an object with a role.", "messages[1]")]
    [InlineData("null", "messages[1] must be an object with a role.", "messages[1]")]
    [InlineData("\"Hi\"", "messages[1] must be an object with a role.", "messages[1]")]
    [InlineData("{\"role\":5}", "messages[1] must be an object with a role.", "messages[1]")]
    [InlineData("{\"role\":\"user\"}", "messages[1].content must be a string or an array of parts.", "messages[1].content")]
    [InlineData("{\"role\":\"user\",\"content\":null}", "messages[1].content must be a string or an array of parts.", "messages[1].content")]
    [InlineData("{\"role\":\"user\",\"content\":{}}", "messages[1].content must be a string or an array of parts.", "messages[1].content")]
    public void A_malformed_message_is_refused_by_its_place(string message, string text, string field) =>
        AssertRefused(Translate($$"""{"model":"m","messages":[{"role":"user","content":"Hi"},{{message}}]}"""), ErrorCodes.InvalidRequest, field, text);

    [Theory]
    [InlineData("")]
    [InlineData(",\"messages\":null")]
    [InlineData(",\"messages\":[]")]
    [InlineData(",\"messages\":{}")]
    [InlineData(",\"messages\":\"Hi\"")]
    public void A_conversation_without_messages_is_refused(string member) =>
        AssertRefused(Translate($$"""{"model":"m"{{member}}}"""), ErrorCodes.InvalidRequest, "messages", "messages must be an array of at least one message.");

    [Theory]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]")]
    [InlineData("\"messages\":[{\"role\":\"\\ud800\",\"content\":\"x\"}]")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\udc00x\"}]}]")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":\"\\ud800\"")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"\\ud800\":null}]")]
    public void Text_that_is_no_Unicode_is_refused_instead_of_being_mended(string members) => AssertRefused(
        Translate($$"""{"model":"m",{{members}}}"""), ErrorCodes.InvalidRequest, field: null, "The body holds text that is not valid Unicode.");

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused_instead_of_being_mended()
    {
        byte[] body = [.. """{"model":"m","messages":[{"role":"user","content":"caf"""u8, 0xE9, .. "\"}]}"u8];

        AssertRefused(ChatCompletionsRequest.Read(body).Value.Translate(), ErrorCodes.InvalidRequest, field: null, "The body holds text that is not valid Unicode.");
    }

    [Fact]
    public void Whatever_value_a_field_has_the_answer_is_a_translation_or_a_reason() =>
        Gen.Select(Gen.Int[0, Fields.Length - 1], Gen.Int[0, Values.Length - 1], Gen.Bool).Sample((field, value, hasMessages) =>
        {
            var messages = hasMessages && Fields[field] != "messages" ? $",\"messages\":{Hello}" : "";
            var outcome = Translate($$"""{"model":"m","{{Fields[field]}}":{{Values[value]}}{{messages}}}""");
            Assert.True(outcome.Succeeded || outcome.Failure!.Code is ErrorCodes.InvalidRequest or ErrorCodes.UnsupportedParameter);
        });

    private static Outcome<CanonicalRequest> TranslateWith(string members) => Translate($$"""{"model":"m","messages":{{Hello}},{{members}}}""");

    private static Outcome<CanonicalRequest> Translate(string body) => ChatCompletionsRequest.Read(Encoding.UTF8.GetBytes(body)).Value.Translate();

    private static void AssertRefused(Outcome<CanonicalRequest> outcome, string code, string? field, string message)
    {
        Assert.NotNull(outcome.Failure);
        Assert.Equal((code, field, message), (outcome.Failure.Code, outcome.Failure.Field, outcome.Failure.Message));
    }
}
