using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

public sealed class RequestsTests(Browser browser, FakeConsole console)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task A_row_opens_its_details_and_escape_closes_them(ColorScheme scheme, int width)
    {
        await using var page = await browser.OpenAsync(console, width, scheme: scheme);
        await page.SignInAsync("/requests?provider=anthropic");
        await page.Page.Locator("tbody tr", new() { HasText = "OK" }).First.ClickAsync();

        var drawer = page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Request" });
        await Assertions.Expect(drawer).ToContainTextAsync("Total");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex(@"/requests/[0-9a-f-]{36}\?provider=anthropic$"));
        await page.TakeAsync($"request-detail-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}");
        await page.AssertAccessibleAsync();

        await Assertions.Expect(drawer.GetByRole(AriaRole.Heading, new() { Name = "Request", Exact = true })).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(drawer).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex(@"/requests\?provider=anthropic$"));
        await Assertions.Expect(page.Page.Locator("tbody tr", new() { HasText = "OK" }).First.GetByRole(AriaRole.Link)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_link_to_one_request_opens_it_over_the_list()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync();
        var known = console.State.Requests[3];
        await page.GotoAsync($"/requests/{known.Id}");

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync(known.Id.ToString());
        await Assertions.Expect(page.Page.Locator("tr[aria-selected=true]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_unknown_request_is_explained()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync();
        await page.GotoAsync("/requests/01930000-0000-7000-8000-00000000dead");

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("No such request");
    }

    [Fact]
    public async Task Filters_stand_in_the_address_and_survive_a_reload()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/requests");
        await page.Page.GetByLabel("Status").SelectOptionAsync("error");
        await page.Page.GetByLabel("Provider").SelectOptionAsync("openai");
        await page.Page.GetByLabel("Time").SelectOptionAsync("7d");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex(@"/requests\?provider=openai&status=error&range=7d$"));
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("Error");

        await page.Page.ReloadAsync();
        await page.InteractiveAsync();
        await Assertions.Expect(page.Page.GetByLabel("Status")).ToHaveValueAsync("error");
        foreach (var row in await page.Page.Locator("tbody tr").AllInnerTextsAsync())
        {
            Assert.Contains("Error", row, StringComparison.Ordinal);
            Assert.Contains("OpenAI", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_filter_that_fits_nothing_offers_to_be_cleared()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/requests?model=no-such-model");
        await Assertions.Expect(page.Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("tbody tr")).ToHaveCountAsync(50);
    }

    [Fact]
    public async Task Older_and_newer_walk_through_the_pages()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/requests");

        // By its id and not by its place: calls that other tests make meanwhile come to stand above it.
        var row = page.Page.Locator("#" + await page.Page.Locator("tbody tr a").First.GetAttributeAsync("id"));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Newer" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(1);
    }
}
