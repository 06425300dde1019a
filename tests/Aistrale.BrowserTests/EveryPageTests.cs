using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

public sealed class EveryPageTests(Browser browser, FakeConsole console)
{
    public static TheoryData<string, string, ColorScheme, int> Pages()
    {
        var data = new TheoryData<string, string, ColorScheme, int>();
        foreach (var (name, path) in new[]
        {
            ("overview", "/"), ("playground", "/playground"), ("requests", "/requests"), ("keys", "/keys"), ("tokens", "/tokens"),
            ("not-found", "/no/such/page"),
        })
        {
            data.Add(name, path, ColorScheme.Light, 1280);
            data.Add(name, path, ColorScheme.Dark, 1280);
            if (name != "not-found")
            {
                data.Add(name, path, ColorScheme.Light, 390);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_signed_in_page_is_accessible_and_without_faults(string name, string path, ColorScheme scheme, int width)
    {
        await using var page = await browser.OpenAsync(console, width, scheme: scheme);
        await page.SignInAsync();
        if (name == "not-found")
        {
            page.Expect("status of 404");
            await page.Page.GotoAsync(path);
        }
        else
        {
            await page.GotoAsync(path);
            await Assertions.Expect(page.Page.Locator(".skeleton")).ToHaveCountAsync(0);
        }

        await page.TakeAsync($"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}");
        await page.AssertAccessibleAsync();
        var scrolls = await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");
        Assert.False(scrolls, "The page is wider than the window.");
    }
}
