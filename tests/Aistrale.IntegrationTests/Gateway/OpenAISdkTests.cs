using System.Diagnostics;
using System.Text.Json;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Gateway;

/// <summary>The official OpenAI SDK from npm, given only the base URL and a key.</summary>
public sealed class OpenAISdkTests(SharedStack shared) : StackTest(shared)
{
    private static readonly string[] Models = ["gpt-4o-mini", "claude-haiku-4-5", "gemini-2.5-flash", "groq/llama-3.3-70b-versatile", "huggingface/openai/gpt-oss-120b:novita"];

    [Fact]
    public async Task It_reads_whole_and_streamed_answers_of_all_five_providers_and_its_own_error_types()
    {
        var folder = SourceTree.PathOf("tests/sdk");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "openai")))
        {
            await RunAsync(folder, "npm", "ci", "--no-audit", "--no-fund");
        }

        var output = await RunAsync(folder, "node", ["openai.mjs", $"{Stack.ApiOrigin}v1", Key, .. Models]);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.Equal((Models.Length * 2) + 1, lines.Length);
        foreach (var line in lines[..^1])
        {
            Assert.NotEmpty(line.GetProperty("text").GetString()!);
            Assert.Equal("stop", line.GetProperty("finishReason").GetString());
            var usage = line.GetProperty("usage");
            var record = await RecordAsync(line.GetProperty("requestId").GetString()!);
            Assert.Equal(record.Usage.InputTokens, usage.GetProperty("prompt_tokens").GetInt64());
            Assert.Equal(record.Usage.OutputTokens, usage.GetProperty("completion_tokens").GetInt64());
            Assert.True(record.CostUsd > 0);
        }

        Assert.Contains("openai/gpt-4o-mini", lines[^1].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
        return await output;
    }
}
