using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Api;

public sealed class OperationsTests(SharedStack shared) : StackTest(shared)
{
    [Fact]
    public async Task Every_service_says_that_it_lives_and_is_ready()
    {
        using var http = new HttpClient();
        foreach (var origin in new[] { Stack.ApiOrigin, Stack.WebOrigin, Stack.SandboxOrigin })
        {
            foreach (var path in new[] { "/alive", "/health" })
            {
                using var response = await http.GetAsync(new Uri(origin, path), Ct);
                Assert.True(response.IsSuccessStatusCode, $"{origin}{path}: {(int)response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Calls_are_counted_by_provider_and_listed_model_only()
    {
        using var listed = await ChatAsync(ApiClient.Chat("gpt-4o-mini", "hi"));
        using var unlisted = await ChatAsync(ApiClient.Chat("openai/some-name-of-a-caller", "hi"));
        var metrics = await Admin.Http.GetStringAsync("/metrics", Ct);

        Assert.Contains("aistrale_requests_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("gen_ai_request_model=\"gpt-4o-mini\"", metrics, StringComparison.Ordinal);
        Assert.Contains("gen_ai_request_model=\"other\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("some-name-of-a-caller", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        var document = await Admin.Http.GetStringAsync("/openapi/v1.json", Ct);
        using var docs = await Admin.Http.GetAsync("/docs/", Ct);

        Assert.Contains("/api/inference/run", document, StringComparison.Ordinal);
        Assert.Contains("/v1/chat/completions", document, StringComparison.Ordinal);
        Assert.True(docs.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Logs_hold_neither_keys_nor_messages()
    {
        var marker = $"marker-{Guid.CreateVersion7(DateTimeOffset.UtcNow):N}";
        using var ok = await ChatAsync(ApiClient.Chat("gpt-4o-mini", marker));
        using var failed = await ChatAsync(ApiClient.Chat("claude-haiku-4-5", $"{marker} sandbox:fail=500"));
        var logs = Stack.AllLogs(lines: 2000);

        Assert.DoesNotContain(marker, logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Stack.AdminPassword, logs, StringComparison.Ordinal);
    }
}
