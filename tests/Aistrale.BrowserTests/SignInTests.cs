using System.Net;
using Aistrale.BrowserTests.FakeApi;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

public sealed class SignInTests(Browser browser, FakeConsole console)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task The_sign_in_page_is_accessible(ColorScheme scheme, int width)
    {
        await using var page = await browser.OpenAsync(console, width, scheme: scheme);
        await page.Page.GotoAsync("/login");
        await page.TakeAsync($"login-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}");
        await page.AssertAccessibleAsync();
    }

    [Fact]
    public async Task Signing_in_needs_no_script_and_leads_back_to_the_page_that_was_asked_for()
    {
        await using var page = await browser.OpenAsync(console, script: false);
        await page.Page.GotoAsync("/requests?status=error");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/login\\?returnUrl="));
        await page.Page.GetByLabel("Email").FillAsync(console.AdminEmail);
        await page.Page.GetByLabel("Password").FillAsync(console.AdminPassword);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Assertions.Expect(page.Page).ToHaveURLAsync(new Uri(console.Origin, "/requests?status=error").ToString());
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Requests" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToContainTextAsync("Error");
    }

    [Fact]
    public async Task A_wrong_password_is_explained_and_what_was_typed_as_email_stays()
    {
        await using var page = await browser.OpenAsync(console);
        await page.Page.GotoAsync("/login");
        await page.Page.GetByLabel("Email").FillAsync(console.AdminEmail);
        await page.Page.GetByLabel("Password").FillAsync("not the password");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Email or password is wrong.");
        await Assertions.Expect(page.Page.GetByLabel("Email")).ToHaveValueAsync(console.AdminEmail);
        await Assertions.Expect(page.Page.GetByLabel("Password")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task An_empty_field_is_explained_at_the_field()
    {
        await using var page = await browser.OpenAsync(console);
        await page.Page.GotoAsync("/login");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByLabel("Email")).ToHaveAccessibleDescriptionAsync("Enter the email address of your account.");
        await Assertions.Expect(page.Page.GetByLabel("Password")).ToHaveAccessibleDescriptionAsync("Enter your password.");
        await page.TakeAsync("login-errors-light-1280");
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    public async Task A_return_address_cannot_lead_away_from_the_console(string returnUrl)
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync(returnUrl);

        Assert.Equal(console.Origin.ToString(), page.Page.Url);
    }

    [Fact]
    public async Task The_api_hears_the_public_origin_and_the_address_of_the_browser()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync();

        var signIn = console.State.Seen.Last(request => request.Path == "/api/auth/login");
        Assert.Equal(console.Origin.ToString().TrimEnd('/'), signIn.Origin);
        Assert.Equal("127.0.0.1", signIn.ForwardedFor);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_shows_the_sign_in_page()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync();
        var cookie = Assert.Single(await page.Page.Context.CookiesAsync(), cookie => cookie.Name == FakeState.CookieName);
        Assert.True(cookie.HttpOnly);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Account of Ada Lovelace" }).ClickAsync();
        await page.TakeAsync("user-menu-light-1280");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.DoesNotContain(await page.Page.Context.CookiesAsync(), cookie => cookie.Name == FakeState.CookieName);
        await page.Page.GotoAsync("/keys");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/login"));
    }

    [Fact]
    public async Task A_post_to_sign_out_without_the_forms_token_changes_nothing()
    {
        await using var page = await browser.OpenAsync(console);
        page.Expect("status of 400");
        await page.SignInAsync();
        var status = await page.Page.EvaluateAsync<int>("fetch('/logout', { method: 'POST' }).then(answer => answer.status)");

        Assert.Equal((int)HttpStatusCode.BadRequest, status);
        await page.GotoAsync("/keys");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Keys" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_ended_elsewhere_closes_an_open_page_within_seconds()
    {
        await using var own = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true));
        await using var page = await browser.OpenAsync(own);
        await page.SignInAsync("/playground");
        own.State.EndAllSessions();

        await page.Page.WaitForURLAsync("**/login?returnUrl=%2Fplayground**", new() { Timeout = 15_000 });
    }

    [Fact]
    public async Task The_first_administrator_is_made_with_the_printed_code_and_is_signed_in()
    {
        await using var own = await FakeConsole.StartAsync(new FakeState(isSetUp: false, hasData: false));
        await using var page = await browser.OpenAsync(own);
        await page.Page.GotoAsync("/");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/setup$"));
        await page.Page.GotoAsync($"/setup?code={FakeState.SetupCode}");
        await page.AssertAccessibleAsync();
        await page.TakeAsync("setup-light-1280");

        await page.Page.GetByLabel("Your name").FillAsync("Grace Hopper");
        await page.Page.GetByLabel("Email").FillAsync("grace@example.org");
        await page.Page.GetByLabel("Password").FillAsync("too short");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create administrator" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByLabel("Password")).ToHaveAccessibleDescriptionAsync("Use 15 characters or more.");

        await page.Page.GetByLabel("Password").FillAsync("four words in a row");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create administrator" }).ClickAsync();
        await page.InteractiveAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Get started" })).ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
        await page.TakeAsync("overview-empty-light-1280");
        await page.Page.GotoAsync("/setup");
        await Assertions.Expect(page.Page).ToHaveURLAsync(own.Origin.ToString());
    }

    [Fact]
    public async Task While_the_api_is_down_the_console_says_so_and_recovers_by_itself()
    {
        await using var own = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true));
        await using var page = await browser.OpenAsync(own);
        page.Expect("status of 503");
        await page.SignInAsync("/keys");
        await own.Api.StopAsync(TestContext.Current.CancellationToken);

        // In an open page: the list fails, and comes back without a hand on it.
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Requests" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.");
        await page.TakeAsync("api-down-light-1280");
        await own.Api.StartAsync(TestContext.Current.CancellationToken);
        await Assertions.Expect(page.Page.Locator("tbody tr").First).ToBeVisibleAsync(new() { Timeout = 20_000 });

        // On a fresh load: not the sign-in page, since nobody has signed out.
        await own.Api.StopAsync(TestContext.Current.CancellationToken);
        var answer = await page.Page.GotoAsync("/keys");
        Assert.Equal((int)HttpStatusCode.ServiceUnavailable, answer!.Status);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "The API does not answer" })).ToBeVisibleAsync();
        await own.Api.StartAsync(TestContext.Current.CancellationToken);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Keys" })).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }
}
