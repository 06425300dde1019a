using System.Text.Json;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

/// <summary>Groq, Hugging Face and self-hosted servers speak Chat Completions with accents of their own.</summary>
public sealed class ProviderVariantsTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Groq = "groq/openai/v1/chat/completions";
    private const string HuggingFace = "huggingface/v1/chat/completions";

    [Fact]
    public async Task Groq_reports_times_request_id_and_tier()
    {
        var reply = await sandbox.Client.PostAsync(Groq, """{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"sandbox:chunks=2,reasoning=1,cached=8"}]}""");

        Assert.Equal(
            """{"id":"chatcmpl-W5nXDJtke6IxYHl7qL1qq7AmsN1fH","object":"chat.completion","created":0,"model":"openai/gpt-oss-20b","choices":[{"index":0,"message":{"role":"assistant","content":"station ledger","reasoning":"story"},"logprobs":null,"finish_reason":"stop"}],"usage":{"queue_time":0.012345,"prompt_tokens":25,"prompt_time":0.002500,"completion_tokens":3,"completion_time":0.006000,"total_tokens":28,"total_time":0.008500,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":1}},"service_tier":"on_demand","system_fingerprint":"fp_a63fcfecca","x_groq":{"id":"req_88f7d2d45ab048be6ea364e430bd2e5f"}}""",
            reply.TimelessBody);
        Assert.Equal("14400", reply.Header("x-ratelimit-limit-requests"));
        Assert.Equal("18000", reply.Header("x-ratelimit-limit-tokens"));
    }

    [Fact]
    public async Task Groq_streams_usage_in_the_last_chunk_without_being_asked()
    {
        var reply = await sandbox.Client.PostAsync(Groq, """{"model":"llama-3.3-70b-versatile","stream":true,"messages":[{"role":"user","content":"sandbox:chunks=2,reasoning=1"}]}""");

        var events = SandboxClient.Events(reply.Body);
        Assert.Equal(6, events.Count);
        Assert.True(JsonDocument.Parse(events[0].Data).RootElement.GetProperty("x_groq").TryGetProperty("id", out _));
        Assert.Contains("\"delta\":{\"reasoning\":\"", events[1].Data, StringComparison.Ordinal);
        var last = JsonDocument.Parse(events[4].Data).RootElement;
        Assert.Equal("stop", last.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(3, last.GetProperty("x_groq").GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("[DONE]", events[5].Data);
    }

    [Theory]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":2", "logprobs")]
    [InlineData("\"logit_bias\":{\"1\":2}", "logit_bias")]
    [InlineData("\"n\":2", "n")]
    public async Task Groq_refuses_what_it_does_not_support(string member, string param)
    {
        var reply = await sandbox.Client.PostAsync(Groq, $$"""{"model":"llama-3.3-70b-versatile",{{member}},"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(400, reply.Status);
        Assert.Equal(param, reply.Json.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Groq_refuses_names_on_messages()
    {
        var reply = await sandbox.Client.PostAsync(Groq, """{"model":"llama-3.3-70b-versatile","messages":[{"role":"user","name":"bob","content":"Hi"}]}""");

        Assert.Equal(400, reply.Status);
        Assert.Contains("messages.0.name", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(503, false)]
    [InlineData(498, false)]
    public async Task Groq_sends_retry_after_with_429_only(int status, bool expected)
    {
        var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("groq", $"sandbox:fail={status},retry-after=3"));

        Assert.Equal(status, reply.Status);
        Assert.Equal(expected ? "3" : null, reply.Header("retry-after"));
    }

    [Theory]
    [InlineData("openai/gpt-oss-120b:together", "Hi", "together")]
    [InlineData("openai/gpt-oss-120b", "Hi", "novita")]
    [InlineData("openai/gpt-oss-120b:fastest", "Hi", "groq")]
    [InlineData("openai/gpt-oss-120b:cheapest", "Hi", "novita")]
    [InlineData("openai/gpt-oss-120b:cheapest", "sandbox:served=nscale", "nscale")]
    [InlineData("openai/gpt-oss-120b", "sandbox:served=none", null)]
    public async Task Hugging_Face_names_the_provider_that_served_in_a_header(string model, string text, string? served)
    {
        foreach (var stream in new[] { false, true })
        {
            var reply = await sandbox.Client.SendAsync(SandboxClient.Ask("huggingface", text, stream, model: model));

            Assert.Equal(200, reply.Status);
            Assert.Equal(served, reply.Header("x-inference-provider"));
            Assert.Contains("\"model\":\"openai/gpt-oss-120b\"", reply.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Hugging_Face_errors_are_sometimes_a_bare_string()
    {
        var credit = await sandbox.Client.PostAsync(HuggingFace, """{"model":"a/b","messages":[{"role":"user","content":"sandbox:fail=402"}]}""");
        var limit = await sandbox.Client.PostAsync(HuggingFace, """{"model":"a/b","messages":[{"role":"user","content":"sandbox:fail=429"}]}""");

        Assert.Equal("""{"error":"The account has no credit left."}""", credit.Body);
        Assert.Equal("rate_limit_exceeded", limit.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Hugging_Face_lists_prices_per_provider()
    {
        var reply = await sandbox.Client.GetAsync("huggingface/v1/models");
        var one = await sandbox.Client.GetAsync("huggingface/v1/models/openai%2Fgpt-oss-120b");

        var provider = reply.Json.GetProperty("data")[0].GetProperty("providers")[0];
        Assert.Equal("novita", provider.GetProperty("provider").GetString());
        Assert.Equal(0.05m, provider.GetProperty("pricing").GetProperty("input").GetDecimal());
        Assert.Equal(131072, provider.GetProperty("context_length").GetInt32());
        Assert.Equal("openai/gpt-oss-120b", one.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_self_hosted_server_sends_no_tier_no_fingerprint_and_numbers_as_error_codes()
    {
        var answer = await sandbox.Client.SendAsync(SandboxClient.Ask("custom", "sandbox:chunks=1,reasoning=1"));
        var error = await sandbox.Client.SendAsync(SandboxClient.Ask("custom", "sandbox:fail=503"));

        Assert.DoesNotContain("service_tier", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("system_fingerprint", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"reasoning_content\":\"", answer.Body, StringComparison.Ordinal);
        Assert.Null(answer.Header("x-request-id"));
        Assert.Equal(503, error.Json.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("openai/v1/models", "data", "gpt-4o-mini")]
    [InlineData("groq/openai/v1/models", "data", "llama-3.3-70b-versatile")]
    [InlineData("custom/v1/models", "data", "sandbox-small")]
    [InlineData("anthropic/v1/models", "data", "claude-haiku-4-5")]
    public async Task Models_are_listed_and_found(string path, string list, string model)
    {
        var all = await sandbox.Client.GetAsync(path);
        var one = await sandbox.Client.GetAsync($"{path}/{model}");
        var none = await sandbox.Client.GetAsync($"{path}/nothing");

        Assert.Contains(model, all.Json.GetProperty(list).EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Equal(model, one.Json.GetProperty("id").GetString());
        Assert.Equal(404, none.Status);
    }

    [Fact]
    public async Task Gemini_models_are_listed_and_found()
    {
        var all = await sandbox.Client.GetAsync("gemini/v1beta/models");
        var one = await sandbox.Client.GetAsync("gemini/v1beta/models/gemini-2.5-flash");

        Assert.Contains("models/gemini-2.5-flash", all.Json.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        Assert.Equal("models/gemini-2.5-flash", one.Json.GetProperty("name").GetString());
    }
}
