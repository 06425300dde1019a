using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

/// <summary>The path that everything hangs on, written against any running console.</summary>
public sealed class JourneyTests(Browser browser, FakeConsole console)
{
    [Fact]
    public Task Sign_in_run_and_find_the_request_in_the_list() => Journey.RunAsync(browser, console, "openai/gpt-4o-mini");
}

internal static class Journey
{
    public static async Task RunAsync(Browser browser, IConsoleUnderTest console, string model)
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground?model=" + Uri.EscapeDataString(model));

        await page.Page.GetByLabel("Message").FillAsync("Say hello to the journey.");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
        var answer = page.Page.GetByRole(AriaRole.Article, new() { Name = "Answer" });
        await Assertions.Expect(answer.Locator("footer")).ToContainTextAsync(new Regex(@"\d in.*\d out.*\$0\.\d*[1-9]"));

        var link = await answer.GetByRole(AriaRole.Link, new() { Name = "See this request" }).GetAttributeAsync("href");
        var id = link!.Split('/')[^1];
        await page.GotoAsync("/requests");
        var row = page.Page.Locator($"tr:has(a[href='/requests/{id}'])");
        await RefreshUntilVisibleAsync(page.Page, row);
        await Assertions.Expect(row).ToContainTextAsync("OK");
        await row.ClickAsync();
        var details = page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Request" });
        await Assertions.Expect(details).ToContainTextAsync(id);
        await Assertions.Expect(details).ToContainTextAsync("Total");
    }

    // The record travels through the spool into the database: seconds, not milliseconds.
    private static async Task RefreshUntilVisibleAsync(IPage page, ILocator row)
    {
        for (var attempt = 0; attempt < 30 && !await row.IsVisibleAsync(); attempt++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
            await page.WaitForTimeoutAsync(500);
        }

        await Assertions.Expect(row).ToBeVisibleAsync();
    }
}
