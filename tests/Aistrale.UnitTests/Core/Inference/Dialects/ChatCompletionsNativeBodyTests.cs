using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aistrale.Core.Inference.Dialects.ChatCompletions;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class ChatCompletionsNativeBodyTests
{
    [Theory]
    [InlineData("{\"model\":\"m\"}", "{\"model\":\"up\"}")]
    [InlineData(" {\"a\":[1, 2],\n\"mod\\u0065l\" : \"m\" }\n", " {\"a\":[1, 2],\n\"mod\\u0065l\" : \"up\" }\n")]
    [InlineData("{\"messages\":[{\"model\":\"m\"}],\"model\":\"m\"}", "{\"messages\":[{\"model\":\"m\"}],\"model\":\"up\"}")]
    [InlineData("{\"model\":\"m\",\"stream\":true}", "{\"stream_options\":{\"include_usage\":true},\"model\":\"up\",\"stream\":true}")]
    [InlineData(" { \"stream\":true,\"model\":\"m\"}", " {\"stream_options\":{\"include_usage\":true}, \"stream\":true,\"model\":\"up\"}")]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":null}", "{\"model\":\"up\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")]
    [InlineData("{\"stream_options\":{},\"model\":\"m\",\"stream\":true}", "{\"stream_options\":{\"include_usage\":true},\"model\":\"up\",\"stream\":true}")]
    [InlineData("{\"stream_options\":{\"x\":1},\"model\":\"m\",\"stream\":true}", "{\"stream_options\":{\"include_usage\":true,\"x\":1},\"model\":\"up\",\"stream\":true}")]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false}}", "{\"model\":\"up\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":[{}] ,\"x\":1}}", "{\"model\":\"up\",\"stream\":true,\"stream_options\":{\"include_usage\":true ,\"x\":1}}")]
    [InlineData("{\"model\":\"m\",\"stream\":false,\"stream_options\":{\"include_usage\":false}}", "{\"model\":\"up\",\"stream\":false,\"stream_options\":{\"include_usage\":false}}")]
    public void Only_the_model_and_the_usage_flag_change(string body, string expected) => Assert.Equal(expected, Native(body, "up"));

    [Theory]
    [InlineData("gpt\"4\\o")]
    [InlineData("modèle 👋")]
    [InlineData("a\u2028b")]
    public void Any_model_name_arrives_as_it_is(string name)
    {
        using var document = JsonDocument.Parse(Native("{\"model\":\"m\",\"stream\":true}", name));

        Assert.Equal(name, document.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public void A_body_that_needs_no_change_goes_out_byte_for_byte() => Gen.Int.Sample(seed =>
    {
        var random = new RandomRequest(seed);
        var request = ChatCompletionsRequest.Read(random.Bytes).Value;

        if (!random.NeedsUsage)
        {
            Assert.Equal(random.Text, Native(random.Text, request.Model));
        }
    });

    [Fact]
    public void A_body_that_is_changed_says_the_same_apart_from_model_and_usage_flag() => Gen.Int.Sample(seed =>
    {
        var random = new RandomRequest(seed);
        var expected = JsonNode.Parse(random.Text)!.AsObject();
        expected["model"] = "up/stream:model";
        if (random.NeedsUsage)
        {
            expected["stream_options"] = expected["stream_options"]?.DeepClone() ?? new JsonObject();
            expected["stream_options"]!["include_usage"] = true;
        }

        var sent = Native(random.Text, "up/stream:model");

        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(sent)), $"{random.Text}\n{sent}");
    });

    [Fact]
    public void Members_that_are_not_changed_keep_their_order_and_their_bytes() => Gen.Int.Sample(seed =>
    {
        var random = new RandomRequest(seed);

        var sent = Native(random.Text, "up");

        Assert.Equal(Untouched(random.Text), Untouched(sent));
    });

    private static List<(string Name, string Bytes)> Untouched(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject()
            .Where(member => member.Name is not ("model" or "stream_options"))
            .Select(member => (member.Name, member.Value.GetRawText()))];
    }

    private static string Native(string body, string upstreamModel)
    {
        var output = new ArrayBufferWriter<byte>();
        ChatCompletionsRequest.Read(Encoding.UTF8.GetBytes(body)).Value.WriteNative(output, upstreamModel);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
