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

    [Fact]
    public async Task The_chosen_theme_is_kept_over_a_reload_and_drawn_from_the_first_moment()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Account of Ada Lovelace" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" })).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(16, 18, 23)");

        var answer = await page.Page.GotoAsync("/keys");
        Assert.Contains("data-theme=\"dark\"", await answer!.TextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(page.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(16, 18, 23)");
    }

    [Fact]
    public async Task On_a_small_screen_the_navigation_opens_and_closes_again_with_a_choice()
    {
        await using var page = await browser.OpenAsync(console, width: 390);
        await page.SignInAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Open navigation" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        await page.TakeAsync("navigation-light-390");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Requests", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Requests" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task After_the_first_page_another_is_interactive_within_a_second_or_two()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync();
        var milliseconds = new List<double>();
        for (var load = 0; load < 3; load++)
        {
            await page.GotoAsync("/requests");
            milliseconds.Add(await page.Page.EvaluateAsync<double>("performance.getEntriesByName('interactive')[0].startTime"));
        }

        TestContext.Current.SendDiagnosticMessage("Interactive after {0:0} ms", milliseconds.Min());
        Assert.True(milliseconds.Min() < 2_000, $"Interactive after {milliseconds.Min():0} ms at best.");
    }
}
