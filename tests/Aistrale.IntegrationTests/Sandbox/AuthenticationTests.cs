using System.Net.Http.Headers;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class AuthenticationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Theory]
    [InlineData("openai", 401, "\"code\":\"invalid_api_key\"")]
    [InlineData("responses", 401, "\"code\":\"invalid_api_key\"")]
    [InlineData("groq", 401, "\"code\":\"invalid_api_key\"")]
    [InlineData("huggingface", 401, "{\"error\":\"")]
    [InlineData("custom", 401, "{\"error\":\"Unauthorized\"}")]
    [InlineData("anthropic", 401, "\"type\":\"authentication_error\"")]
    [InlineData("gemini", 400, "\"reason\":\"API_KEY_INVALID\"")]
    public async Task A_wrong_key_is_refused_in_shape_and_not_repeated(string wire, int status, string shape)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Hi", key: "ais-not-for-you"));

        Assert.Equal(status, reply.Status);
        Assert.Contains(shape, reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("not-for-you", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", 401)]
    [InlineData("groq", 401)]
    [InlineData("huggingface", 401)]
    [InlineData("custom", 401)]
    [InlineData("anthropic", 401)]
    [InlineData("gemini", 400)]
    public async Task A_missing_key_is_refused_before_the_body_is_looked_at(string wire, int status)
    {
        using var request = SandboxClient.Ask(wire, "Hi");
        request.Headers.Authorization = null;
        request.Headers.Remove("x-api-key");
        request.Headers.Remove("x-goog-api-key");
        request.Content = new StringContent("not json");
        var reply = await sandbox.Client.SendAsync(request);

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("gemini")]
    public async Task A_key_in_another_providers_header_does_not_count(string wire)
    {
        using var request = SandboxClient.Ask(wire, "Hi");
        request.Headers.Authorization = null;
        request.Headers.Remove("x-goog-api-key");
        request.Headers.Add("x-api-key", "sandbox-test");
        var reply = await sandbox.Client.SendAsync(request);

        Assert.Equal(wire == "gemini" ? 400 : 401, reply.Status);
    }

    [Fact]
    public async Task Messages_takes_its_key_as_bearer_too()
    {
        using var request = SandboxClient.Ask("anthropic", "Hi");
        request.Headers.Remove("x-api-key");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox-test");
        var reply = await sandbox.Client.SendAsync(request);

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("openai/v1/models", 401)]
    [InlineData("anthropic/v1/models", 401)]
    [InlineData("gemini/v1beta/models", 400)]
    public async Task Model_lists_need_a_key(string path, int status)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Request(path, null, key: "nope"));

        Assert.Equal(status, reply.Status);
    }
}
