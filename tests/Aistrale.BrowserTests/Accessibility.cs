using System.Text.Json;
using Deque.AxeCore.Commons;
using Xunit;

namespace Aistrale.BrowserTests;

/// <summary>axe-core, from its package; the page's own policy stays in force because the debugger, not the page, runs the script.</summary>
internal static class Accessibility
{
    private const string RunAxe =
        "async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations)";

    private static readonly Lazy<string> Script = new(() => new BundledAxeScriptProvider().GetScript());

    public static async Task AssertAccessibleAsync(this ConsolePage console)
    {
        var json = "[]";
        await console.WithToolAsync(async page =>
        {
            await page.EvaluateAsync(Script.Value);
            json = await page.EvaluateAsync<string>(RunAxe);
        });
        // Sample: [{"id":"color-contrast","impact":"serious","help":"…","nodes":[{"target":["p"],"failureSummary":"…"}]}]
        using var violations = JsonDocument.Parse(json);
        var serious = violations.RootElement.EnumerateArray()
            .Where(violation => violation.GetProperty("impact").GetString() is "serious" or "critical" or "moderate")
            .Select(violation => $"{violation.GetProperty("id").GetString()}: {violation.GetProperty("help").GetString()}\n"
                + string.Join('\n', violation.GetProperty("nodes").EnumerateArray().Take(4).Select(node => $"  {node.GetProperty("target")} {node.GetProperty("failureSummary").GetString()}")));
        Assert.True(!serious.Any(), string.Join('\n', serious));
    }
}
