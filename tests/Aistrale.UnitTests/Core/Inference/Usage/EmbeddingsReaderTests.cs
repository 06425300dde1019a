using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class EmbeddingsReaderTests
{
    [Theory]
    [InlineData("""{"object":"list","data":[{"embedding":[0.1,-2e-5]}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}""")]
    [InlineData("""{"object":"list","data":[{"embedding":"AAAA"}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}""")]
    [InlineData("""{"embeddings":[{"values":[0.1]}],"usageMetadata":{"promptTokenCount":8},"model":"m"}""")]
    public void Input_is_counted_and_output_is_known_to_be_none(string body)
    {
        var seen = Reading.Body("embeddings", body);

        Assert.Equal((8, 0), (seen.InputTokens, seen.OutputTokens));
        Assert.Equal("m", seen.ModelReported);
        Assert.True(seen.SawTerminalEvent);
    }

    [Fact]
    public void An_answer_without_usage_leaves_the_counts_unknown()
    {
        var seen = Reading.Body("embeddings", """{"embedding":{"values":[0.1]}}""");

        Assert.Null(seen.InputTokens);
        Assert.Null(seen.OutputTokens);
        Assert.True(seen.SawTerminalEvent);
    }
}
