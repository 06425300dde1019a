using Aistrale.Tests.Shared;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

/// <summary>The console in front of the whole product, as it runs on a fresh machine: real API, PostgreSQL, Redis, and the Sandbox as provider.</summary>
public sealed class FullStackTests(Browser browser) : IAsyncLifetime
{
    private LocalStack _stack = null!;
    private StackConsole _console = null!;

    public async ValueTask InitializeAsync()
    {
        _stack = await LocalStack.StartAsync(TestContext.Current.CancellationToken);
        _console = new StackConsole(_stack);
    }

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    [Fact]
    public async Task Sign_in_run_and_find_the_request_in_the_list()
    {
        await Journey.RunAsync(browser, _console, "gpt-4o-mini");
        await TourAsync();
    }

    // Every page once, on what the journey has left behind.
    private async Task TourAsync()
    {
        await using var page = await browser.OpenAsync(_console);
        await page.SignInAsync();
        foreach (var (name, path) in new[] { ("overview", "/"), ("playground", "/playground"), ("requests", "/requests"), ("keys", "/keys"), ("tokens", "/tokens") })
        {
            await page.GotoAsync(path);
            await Assertions.Expect(page.Page.Locator(".skeleton, .notice.bad")).ToHaveCountAsync(0);
            await page.TakeAsync($"stack-{name}-light-1280");
            await page.AssertAccessibleAsync();
        }

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Account of" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    private sealed class StackConsole(LocalStack stack) : IConsoleUnderTest
    {
        public Uri Origin => stack.WebOrigin;

        public string AdminEmail => stack.AdminEmail;

        public string AdminPassword => stack.AdminPassword;
    }
}
