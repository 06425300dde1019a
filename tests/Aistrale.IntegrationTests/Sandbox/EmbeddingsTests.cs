using System.Runtime.InteropServices;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class EmbeddingsTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Path = "openai/v1/embeddings";

    [Theory]
    [InlineData("text-embedding-3-small", 1536)]
    [InlineData("text-embedding-3-large", 3072)]
    public async Task A_vector_has_the_models_size_and_length_one(string model, int dimensions)
    {
        var reply = await sandbox.Client.PostAsync(Path, $$"""{"model":"{{model}}","input":"Hello"}""");

        var vector = reply.Json.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        Assert.Equal(dimensions, vector.Length);
        Assert.Equal(1.0, Math.Sqrt(vector.Sum(v => (double)v * v)), 4);
        Assert.Equal(model, reply.Json.GetProperty("model").GetString());
        Assert.Equal(9, reply.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Both_encodings_carry_the_same_numbers()
    {
        var numbers = await sandbox.Client.PostAsync(Path, """{"model":"m","input":"Hello","dimensions":16,"encoding_format":"float"}""");
        var base64 = await sandbox.Client.PostAsync(Path, """{"model":"m","input":"Hello","dimensions":16,"encoding_format":"base64"}""");

        var bytes = base64.Json.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(64, bytes.Length);
        Assert.Equal(numbers.Json.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()), MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Theory]
    [InlineData("""["a","b","a"]""", 3)]
    [InlineData("[[1,2],[3]]", 2)]
    [InlineData("[1,2,3]", 1)]
    public async Task Every_shape_of_input_is_taken(string input, int vectors)
    {
        var reply = await sandbox.Client.PostAsync(Path, $$"""{"model":"m","input":{{input}},"dimensions":4}""");

        var data = reply.Json.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, vectors), data.Select(d => d.GetProperty("index").GetInt32()));
        if (vectors == 3)
        {
            Assert.Equal(data[0].GetProperty("embedding").GetRawText(), data[2].GetProperty("embedding").GetRawText());
            Assert.NotEqual(data[0].GetProperty("embedding").GetRawText(), data[1].GetProperty("embedding").GetRawText());
        }
    }

    [Theory]
    [InlineData("""{"model":"m"}""", 400)]
    [InlineData("""{"model":"m","input":[]}""", 400)]
    [InlineData("""{"model":"m","input":"a","dimensions":0}""", 400)]
    [InlineData("""{"model":"m","input":"a","encoding_format":"hex"}""", 400)]
    [InlineData("""{"model":"unknown","input":"a"}""", 404)]
    [InlineData("""{"model":"m","input":"sandbox:fail=429"}""", 429)]
    public async Task Wrong_requests_and_directed_faults_are_answered_in_shape(string json, int status)
    {
        var reply = await sandbox.Client.PostAsync(Path, json);

        Assert.Equal(status, reply.Status);
        Assert.NotEqual("", reply.Json.GetProperty("error").GetProperty("message").GetString());
    }
}
