using System.Text;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Dialects.ChatCompletions;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class ChatCompletionsRequestTests
{
    private const string Sample = """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"max_tokens":16,"messages":[{"role":"user","content":"Gr\u00fc\u00df 👋 \"model\""}]}""";

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"model\"")]
    [InlineData("{\"model\":}")]
    [InlineData("{\"model\":\"m\",}")]
    [InlineData("{\"model\":\"m\"} x")]
    [InlineData("{\"model\":\"m\"}{}")]
    [InlineData("{\"model\":\"m\"}]")]
    [InlineData("{/* why */\"model\":\"m\"}")]
    [InlineData("{'model':'m'}")]
    [InlineData("{\"model\":\"m\",\"temperature\":NaN}")]
    [InlineData("\uFEFF{\"model\":\"m\"}")]
    [InlineData("<html>")]
    public void What_is_not_JSON_is_refused_with_the_place_of_the_first_mistake(string body)
    {
        var failure = Refuse(body);

        Assert.Equal(ErrorCodes.InvalidRequest, failure.Code);
        Assert.Matches(@"^The body is not valid JSON \(line \d+, byte \d+\)\.$", failure.Message);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[{\"model\":\"m\"}]")]
    [InlineData("\"model\"")]
    [InlineData("7")]
    public void A_body_that_is_no_object_is_refused(string body) => Assert.Equal("The body must be a JSON object.", Refuse(body).Message);

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"model\":\"\"}")]
    [InlineData("{\"Model\":\"m\",\"models\":\"m\"}")]
    [InlineData("{\"messages\":[{\"model\":\"m\"}]}")]
    public void A_body_without_a_model_is_refused(string body)
    {
        var failure = Refuse(body);

        Assert.Equal("You must provide a model parameter.", failure.Message);
        Assert.Equal("model", failure.Field);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("true")]
    [InlineData("[\"m\"]")]
    [InlineData("{\"id\":\"m\"}")]
    public void A_model_that_is_no_string_is_refused(string model) => AssertRefused($$"""{"model":{{model}}}""", "The model must be a string.", "model");

    [Fact]
    public void A_model_name_of_three_hundred_characters_is_read_and_a_longer_one_refused()
    {
        Assert.Equal(300, Read($$"""{"model":"{{new string('m', 300)}}"}""").Model.Length);
        AssertRefused($$"""{"model":"{{new string('m', 301)}}"}""", "The model's name is too long.", "model");
    }

    // A name with a NUL cannot be stored in PostgreSQL, and one with a line end not be put into a header.
    [Theory]
    [InlineData("\\u0000")]
    [InlineData("gpt-4o\\u0000")]
    [InlineData("gpt\\n4o")]
    [InlineData("openai/gpt\\u001b")]
    [InlineData("gpt\\u007f")]
    [InlineData("gpt\\u0085")]
    public void A_model_name_with_control_characters_is_refused(string name) =>
        AssertRefused($$"""{"model":"{{name}}"}""", "The model's name holds a control character. Write the name as GET /v1/models lists it.", "model");

    [Theory]
    [InlineData("{\"model\":\"a\",\"model\":\"a\"}", "model")]
    [InlineData("{\"model\":\"a\",\"mod\\u0065l\":\"b\"}", "model")]
    [InlineData("{\"model\":\"a\",\"stream\":true,\"stream\":false}", "stream")]
    [InlineData("{\"stream\":null,\"model\":\"a\",\"strea\\u006d\":true}", "stream")]
    [InlineData("{\"model\":\"a\",\"stream_options\":null,\"stream_options\":{}}", "stream_options")]
    [InlineData("{\"model\":\"a\",\"stream_options\":{},\"stream_options\":null}", "stream_options")]
    [InlineData("{\"model\":\"a\",\"stream_options\":{\"include_usage\":true},\"stream_options\":{\"include_usage\":true}}", "stream_options")]
    [InlineData("{\"model\":\"a\",\"stream_options\":{\"include_usage\":false,\"include_usage\":true}}", "stream_options.include_usage")]
    [InlineData("{\"model\":\"a\",\"stream_options\":{\"include_usage\":true,\"include_usag\\u0065\":false}}", "stream_options.include_usage")]
    public void Whatever_decides_about_routing_or_metering_may_be_said_only_once(string body, string field) =>
        AssertRefused(body, $"The body says {field} twice.", field);

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_stream_flag_that_is_no_truth_value_is_refused(string stream) =>
        AssertRefused($$"""{"model":"m","stream":{{stream}}}""", "stream must be true or false.", "stream");

    [Theory]
    [InlineData("true")]
    [InlineData("\"include_usage\"")]
    [InlineData("[]")]
    [InlineData("1")]
    public void Stream_options_that_are_no_object_are_refused(string options) =>
        AssertRefused($$"""{"model":"m","stream_options":{{options}}}""", "stream_options must be an object.", "stream_options");

    [Fact]
    public void Text_that_is_no_Unicode_is_refused_where_it_is_read()
    {
        const string Message = "The body holds text that is not valid Unicode.";

        AssertRefused("""{"model":"\ud800"}""", Message, field: null);
        AssertRefused("""{"model":"m\udc00m"}""", Message, field: null);
        Assert.Equal(Message, Refuse([.. "{\"model\":\"m"u8, 0xC3, 0x28, .. "\"}"u8]).Message);
        Assert.Equal(Message, Refuse([.. "{\"model\":\"m"u8, 0xED, 0xA0, 0x80, .. "\"}"u8]).Message);
    }

    [Theory]
    [InlineData("{\"\\ud800\":1,\"model\":\"m\"}")]
    [InlineData("{\"mod\\ud800\":1,\"model\":\"m\"}")]
    [InlineData("{\"stream_options\":{\"include_usag\\ud800\":1},\"model\":\"m\"}")]
    public void A_member_whose_name_is_no_Unicode_never_throws(string body)
    {
        var request = ChatCompletionsRequest.Read(Encoding.UTF8.GetBytes(body));

        Assert.True(request.Succeeded || request.Failure!.Code == ErrorCodes.InvalidRequest);
    }

    [Fact]
    public void Model_stream_and_limit_are_found_wherever_they_stand_and_however_they_are_escaped()
    {
        var request = Read("""
              { "messages" : [ { "role":"user", "content":"\"model\":\"other\"", "model":"inner" } ],
                "metadata":{"model":"inner","stream":false,"max_tokens":1},
                "max\u005ftokens" : 77 , "str\u0065am" : true,	"mod\u0065l":"gpt\u002d4o\u002dmini" }
            """);

        Assert.Equal("gpt-4o-mini", request.Model);
        Assert.True(request.Stream);
        Assert.Equal(77, request.MaxOutputTokens);
    }

    [Theory]
    [InlineData("{\"model\":\"m\"}", false, false)]
    [InlineData("{\"model\":\"m\",\"stream\":null}", false, false)]
    [InlineData("{\"model\":\"m\",\"stream\":false,\"stream_options\":null}", false, false)]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{}}", true, false)]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false}}", true, false)]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":null}}", true, false)]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"x\":{\"include_usage\":true}}}", true, false)]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"x\":1,\"include_usage\":true}}", true, true)]
    public void What_the_caller_wants_streamed_is_read(string body, bool stream, bool usage)
    {
        var request = Read(body);

        Assert.Equal(stream, request.Stream);
        Assert.Equal(usage, request.WantsStreamUsage);
    }

    [Theory]
    [InlineData("{\"model\":\"m\"}", null)]
    [InlineData("{\"model\":\"m\",\"max_tokens\":null}", null)]
    [InlineData("{\"model\":\"m\",\"max_tokens\":\"9\"}", null)]
    [InlineData("{\"model\":\"m\",\"max_tokens\":9999999999}", null)]
    [InlineData("{\"model\":\"m\",\"max_tokens\":9}", 9)]
    [InlineData("{\"model\":\"m\",\"max_completion_tokens\":9}", 9)]
    [InlineData("{\"model\":\"m\",\"max_completion_tokens\":9,\"max_tokens\":10}", 10)]
    [InlineData("{\"model\":\"m\",\"max_tokens\":10,\"max_completion_tokens\":9}", 10)]
    public void The_output_limit_is_the_larger_of_the_two_fields_that_can_set_it(string body, int? limit) =>
        Assert.Equal(limit, Read(body).MaxOutputTokens);

    [Fact]
    public void A_large_body_is_read_and_its_input_is_estimated_at_four_bytes_a_token()
    {
        var content = new string('x', 5 * 1024 * 1024);
        var body = $$"""{"messages":[{"role":"user","content":"{{content}}"}],"model":"m"}""";

        var request = Read(body);

        Assert.Equal("m", request.Model);
        Assert.Equal((body.Length + 3) / 4, request.EstimatedInputTokens);
    }

    [Fact]
    public void A_tool_schema_may_nest_two_hundred_levels_deep()
    {
        var schema = string.Concat(Enumerable.Repeat("{\"items\":", 200)) + "{}" + new string('}', 200);

        Assert.Equal("m", Read($$"""{"tools":[{"parameters":{{schema}}}],"model":"m"}""").Model);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void A_body_that_nests_without_end_is_refused_and_not_followed(int levels) =>
        Assert.Equal(ErrorCodes.InvalidRequest, Refuse("{\"model\":\"m\",\"a\":" + new string('[', levels)).Code);

    [Fact]
    public void A_body_cut_off_at_any_byte_is_refused()
    {
        var body = Encoding.UTF8.GetBytes(Sample);

        for (var length = 0; length < body.Length; length++)
        {
            Assert.Equal(ErrorCodes.InvalidRequest, Refuse(body[..length]).Code);
        }

        Assert.True(ChatCompletionsRequest.Read(body).Succeeded);
    }

    [Fact]
    public void No_damage_to_a_body_throws()
    {
        var body = Encoding.UTF8.GetBytes(Sample);

        Gen.Select(Gen.Int[0, body.Length - 1], Gen.Byte, Gen.Int[0, body.Length - 1], Gen.Byte).Sample((at, value, otherAt, otherValue) =>
        {
            var damaged = (byte[])body.Clone();
            damaged[at] = value;
            damaged[otherAt] = otherValue;
            var request = ChatCompletionsRequest.Read(damaged);
            Assert.True(request.Succeeded || request.Failure!.Code == ErrorCodes.InvalidRequest);
        });
    }

    private static ChatCompletionsRequest Read(string body) => ChatCompletionsRequest.Read(Encoding.UTF8.GetBytes(body)).Value;

    private static Aistrale.Core.Failure Refuse(string body) => Refuse(Encoding.UTF8.GetBytes(body));

    private static Aistrale.Core.Failure Refuse(byte[] body) =>
        ChatCompletionsRequest.Read(body).Failure ?? throw new InvalidOperationException($"Was accepted: {Encoding.UTF8.GetString(body)}");

    private static void AssertRefused(string body, string message, string? field)
    {
        var failure = Refuse(body);
        Assert.Equal((ErrorCodes.InvalidRequest, message, field), (failure.Code, failure.Message, failure.Field));
    }
}
