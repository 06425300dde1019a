using System.Text;
using System.Text.Json;
using Aistrale.Core.Inference.Dialects.ChatCompletions;
using Aistrale.Core.Inference.Sse;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class UsageFilterTests
{
    [Theory]
    [InlineData("{\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":20}}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":20},\"id\":\"c1\",\"choices\":[ ]}")]
    [InlineData("{ \"usage\" : {} , \"choices\" : [\t] }")]
    public void The_chunk_that_holds_nothing_but_usage_is_dropped(string json) => Assert.Null(Filter($"data: {json}\n\n"));

    [Theory]
    [InlineData("{\"usage\":null}", "{}")]
    [InlineData("{\"usage\":null,\"id\":\"c1\"}", "{\"id\":\"c1\"}")]
    [InlineData("{ \"usage\" : null , \"id\":\"c1\"}", "{  \"id\":\"c1\"}")]
    [InlineData("{\"id\":\"c1\",\"usage\":null}", "{\"id\":\"c1\"}")]
    [InlineData("{\"id\":\"c1\" , \"usage\" : null }", "{\"id\":\"c1\"  }")]
    [InlineData("{\"id\":\"c1\",\"usage\":null,\"choices\":[]}", "{\"id\":\"c1\",\"choices\":[]}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"a,\"}}],\"usage\":null}", "{\"choices\":[{\"delta\":{\"content\":\"a,\"}}]}")]
    public void A_usage_of_null_is_cut_out_wherever_it_stands(string json, string left) =>
        Assert.Equal($"data: {left}\n\n", Filter($"data: {json}\n\n"));

    [Theory]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}],\"usage\":{\"prompt_tokens\":1}}")]
    [InlineData("{\"choices\":[],\"prompt_filter_results\":[]}")]
    [InlineData("{\"choices\":[{\"delta\":{},\"usage\":null}]}")]
    [InlineData("{\"x_groq\":{\"usage\":null},\"choices\":[]}")]
    [InlineData("{\"x_groq\":{\"usage\":{\"prompt_tokens\":1}},\"choices\":[]}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":null\"}}]}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"usage\"}}],\"x\":[\"usage\",null]}")]
    [InlineData("{\"choices\":[],\"usage\":5}")]
    [InlineData("[{\"usage\":null}]")]
    [InlineData("\"usage\"")]
    [InlineData("{\"usage\":null")]
    [InlineData("not \"usage\" json")]
    [InlineData("[DONE]")]
    public void Everything_else_passes_as_it_came(string json) => Assert.Equal($"data: {json}\n\n", Filter($"data: {json}\n\n"));

    [Theory]
    [InlineData("{\"\\ud800\":1,\"usage\":null}")]
    [InlineData("{\"usag\\ud800\":1,\"usage\":null}")]
    [InlineData("{\"choice\\ud800\":1,\"usage\":null}")]
    public void A_name_that_is_no_Unicode_does_not_stop_the_stream(string json) => Assert.NotNull(Filter($"data: {json}\n\n"));

    [Theory]
    [InlineData(": keep-alive \"usage\":null\n\n", ": keep-alive \"usage\":null\n\n")]
    [InlineData("data:{\"usage\":null}\r\n\r\n", "data:{}\r\n\r\n")]
    [InlineData("id: 7\nevent: chunk\ndata: {\"a\":1,\"usage\":null}\nretry: 5\n\n", "id: 7\nevent: chunk\ndata: {\"a\":1}\nretry: 5\n\n")]
    [InlineData(": {\"usage\":null}\ndata: {\"usage\":null}\n\n", ": {\"usage\":null}\ndata: {}\n\n")]
    [InlineData("data: {\"a\":1,\ndata: \"usage\":null}\n\n", "data: {\"a\":1,\ndata: \"usage\":null}\n\n")]
    public void Around_the_cut_every_byte_of_the_event_stays(string raw, string expected) => Assert.Equal(expected, Filter(raw));

    [Fact]
    public void Usage_spread_over_several_data_lines_is_dropped_too() =>
        Assert.Null(Filter("data: {\"choices\":[],\ndata: \"usage\":{}}\n\n"));

    [Fact]
    public void Cutting_leaves_every_other_member_byte_for_byte() => Gen.Int.Sample(seed =>
    {
        var json = new RandomRequest(seed).Text.ReplaceLineEndings(" ");
        if (Members(json).Exists(member => member.Name == "usage"))
        {
            return;
        }

        var random = new Random(seed);
        var cuts = TopLevelCommas(json);
        var (at, text) = random.Next(3) switch
        {
            0 => (json.IndexOf('{', StringComparison.Ordinal) + 1, "\"usage\": null,"),
            1 => (json.LastIndexOf('}'), ", \"usage\":null"),
            _ when cuts.Count > 0 => (cuts[random.Next(cuts.Count)], " ,\"usage\" :null"),
            _ => (json.LastIndexOf('}'), ",\"usage\":null "),
        };

        var passed = Filter($"data: {json.Insert(at, text)}\n\n");

        Assert.Equal(Members(json), Members(passed!["data: ".Length..]));
    });

    [Fact]
    public void A_whole_stream_loses_usage_and_nothing_else()
    {
        var stream = Sse.WireFixtures.ChatStream;
        var expected = string.Concat(stream.Split("\n\n").Where(block => block.Length > 0 && !block.Contains("\"usage\":{", StringComparison.Ordinal)).Select(block => block + "\n\n"))
            .Replace(",\"usage\":null", "", StringComparison.Ordinal);

        Assert.Equal(expected, FilterAll(stream));
        Assert.DoesNotContain("usage", expected, StringComparison.Ordinal);
        Assert.Contains("[DONE]", expected, StringComparison.Ordinal);
    }

    private static string? Filter(string raw)
    {
        var kept = FilterAll(raw);
        return kept.Length == 0 ? null : kept;
    }

    private static string FilterAll(string stream)
    {
        var filter = new UsageFilter();
        using var events = new SseEventSplitter();
        events.Append(Encoding.UTF8.GetBytes(stream));
        events.Complete();
        var kept = new StringBuilder();
        while (events.TryRead(out var block))
        {
            if (filter.Keep(block, out var cut))
            {
                kept.Append(Encoding.UTF8.GetString(block.Raw[..cut.Start.Value])).Append(Encoding.UTF8.GetString(block.Raw[cut.End.Value..]));
            }
        }

        return kept.ToString();
    }

    private static List<(string Name, string Bytes)> Members(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.GetRawText()))];
    }

    private static List<int> TopLevelCommas(string json)
    {
        List<int> found = [];
        var (depth, inText) = (0, false);
        for (var i = 0; i < json.Length; i++)
        {
            if (inText && json[i] == '\\')
            {
                i++;
            }
            else if (json[i] == '"')
            {
                inText = !inText;
            }
            else if (!inText)
            {
                depth += json[i] is '{' or '[' ? 1 : json[i] is '}' or ']' ? -1 : 0;
                if (json[i] == ',' && depth == 1)
                {
                    found.Add(i);
                }
            }
        }

        return found;
    }
}
