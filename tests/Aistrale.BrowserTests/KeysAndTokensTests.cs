using Aistrale.BrowserTests.FakeApi;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

public sealed class KeysAndTokensTests(Browser browser) : IAsyncLifetime
{
    private FakeConsole _console = null!;

    public async ValueTask InitializeAsync() => _console = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true));

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_key_is_shown_once_with_a_snippet_that_carries_it()
    {
        await using var page = await browser.OpenAsync(_console);
        await page.SignInAsync("/keys");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByLabel("Name")).ToBeFocusedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Name")).ToHaveAccessibleDescriptionAsync("Give the key a name, so that you know later what stops when you revoke it.");
        await page.TakeAsync("key-create-light-1280");
        await page.AssertAccessibleAsync();

        await dialog.GetByLabel("Name").FillAsync("search-indexer");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var key = await dialog.GetByLabel("Key for “search-indexer”").InputValueAsync();
        Assert.StartsWith("ais_", key, StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Python" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy the snippet" }).ClickAsync();
        await page.TakeAsync("key-created-light-1280");
        await page.AssertAccessibleAsync();
        var copied = await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Contains($"base_url=\"{_console.Origin.ToString().TrimEnd('/')}/v1\", api_key=\"{key}\"", copied, StringComparison.Ordinal);

        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("search-indexer");
        await Assertions.Expect(page.Page.Locator("body")).Not.ToContainTextAsync(key);
    }

    [Fact]
    public async Task A_key_is_revoked_only_after_a_question()
    {
        await using var page = await browser.OpenAsync(_console);
        await page.SignInAsync("/keys");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke checkout-service" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        await page.TakeAsync("key-revoke-light-1280");
        await page.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("Active");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke checkout-service" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke key" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("Revoked");
        await Assertions.Expect(page.Page.GetByText("“checkout-service” is revoked")).ToBeVisibleAsync();
        await page.TakeAsync("toast-light-1280");
        await page.AssertAccessibleAsync();
    }

    [Fact]
    public async Task A_token_is_added_and_its_secret_is_nowhere_afterwards()
    {
        await using var page = await browser.OpenAsync(_console, scheme: ColorScheme.Dark);
        await page.SignInAsync("/tokens");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add token" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Provider", new() { Exact = true }).SelectOptionAsync("custom");
        await dialog.GetByLabel("Label").FillAsync("gpu-02");
        await dialog.GetByLabel("Secret").FillAsync("sk-canary-9d8c7b6a");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Store token" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Base URL")).ToHaveAccessibleDescriptionAsync("Enter the address that this server's SDK would take, path included.");
        await page.TakeAsync("token-add-dark-1280");
        await page.AssertAccessibleAsync();
        await dialog.GetByLabel("Base URL").FillAsync("http://10.20.0.8:8000/v1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Store token" }).ClickAsync();

        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("gpu-02");
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("7b6a");
        Assert.DoesNotContain("canary", await page.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_is_taken_is_explained_at_its_field()
    {
        await using var page = await browser.OpenAsync(_console);
        await page.SignInAsync("/tokens");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add token" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Label").FillAsync("sandbox");
        await dialog.GetByLabel("Secret").FillAsync("sk-0000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Store token" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Label")).ToHaveAccessibleDescriptionAsync("You already have a token of this provider with this label.");
    }

    [Fact]
    public async Task A_token_is_deleted_only_after_a_question()
    {
        await using var page = await browser.OpenAsync(_console);
        await page.SignInAsync("/tokens");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Delete gpu-01 of custom" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete token" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Cell, new() { Name = "gpu-01" })).ToHaveCountAsync(0);
    }
}
