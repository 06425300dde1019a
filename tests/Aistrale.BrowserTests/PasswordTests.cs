using Aistrale.BrowserTests.FakeApi;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

public sealed class PasswordTests(Browser browser)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_password_that_someone_else_chose_is_replaced_before_anything_else()
    {
        await using var console = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true) { MustChangePassword = true });
        await using var page = await browser.OpenAsync(console);
        await page.Page.GotoAsync("/login?returnUrl=%2Fkeys");
        await page.Page.GetByLabel("Email").FillAsync(console.AdminEmail);
        await page.Page.GetByLabel("Password").FillAsync(console.AdminPassword);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Page.WaitForURLAsync("**/password");
        await page.AssertAccessibleAsync();
        await page.TakeAsync("password-light-1280");

        await page.Page.GetByLabel("Present password").FillAsync("not this one");
        await page.Page.GetByLabel("New password").FillAsync("eleven chars");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByLabel("Present password")).ToHaveAccessibleDescriptionAsync("This is not your present password.");

        await page.Page.GetByLabel("Present password").FillAsync(console.AdminPassword);
        await page.Page.GetByLabel("New password").FillAsync("another four words together");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await page.InteractiveAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        Assert.Equal("another four words together", console.State.AdminPassword);
    }

    [Fact]
    public async Task A_link_sets_a_password_once_and_leads_to_the_sign_in_page()
    {
        await using var console = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true));
        await using var page = await browser.OpenAsync(console);
        await page.Page.GotoAsync($"/links/{FakeState.LinkCode}");
        await page.AssertAccessibleAsync();
        await page.TakeAsync("link-light-1280");
        await page.Page.GetByLabel("New password").FillAsync("another four words together");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your password is set. Sign in with it.");
        Assert.Equal("another four words together", console.State.AdminPassword);
    }

    [Fact]
    public async Task A_link_that_was_used_says_so()
    {
        await using var console = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true));
        await using var page = await browser.OpenAsync(console);
        await page.Page.GotoAsync("/links/used-before");
        await page.Page.GetByLabel("New password").FillAsync("another four words together");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was used already or has expired");
    }
}
