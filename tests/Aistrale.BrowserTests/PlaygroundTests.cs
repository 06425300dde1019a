using System.Text.RegularExpressions;
using Aistrale.BrowserTests.FakeApi;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

public sealed class PlaygroundTests(Browser browser, FakeConsole console)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task An_answer_streams_in_with_its_figures_underneath(ColorScheme scheme, int width)
    {
        await using var page = await browser.OpenAsync(console, width, scheme: scheme);
        await page.SignInAsync("/playground?model=openai/gpt-4o-mini");
        await RunAsync(page.Page, "How does a hash ring spread keys?");

        var answer = page.Page.GetByRole(AriaRole.Article, new() { Name = "Answer" });
        await Assertions.Expect(answer.Locator("pre code.language-python")).ToContainTextAsync("def owner");
        await Assertions.Expect(answer.Locator("footer")).ToContainTextAsync(new Regex(@"gpt-4o-mini.*\d in.*\d out.*\$0\.00\d+.*first token"));
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Run" })).ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
        await page.TakeAsync($"playground-answer-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}");
    }

    [Fact]
    public async Task Control_enter_runs_and_the_message_box_is_empty_afterwards()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await page.Page.GetByLabel("Message").FillAsync("echo:pressed by keyboard");
        await page.Page.Keyboard.PressAsync("Control+Enter");

        await Assertions.Expect(Answers(page.Page).Last).ToContainTextAsync("pressed by keyboard");
        await Assertions.Expect(page.Page.GetByLabel("Message")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Stop_keeps_what_came_and_says_that_it_was_stopped()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await RunAsync(page.Page, "slow, please");
        await Assertions.Expect(Answers(page.Page).Last).ToContainTextAsync("more more");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await Assertions.Expect(Answers(page.Page).Last.Locator("footer")).ToContainTextAsync("stopped");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Run" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_refused_call_is_explained_with_its_code_and_trace()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await RunAsync(page.Page, "fail, please");

        var notice = Answers(page.Page).Last.Locator(".notice");
        await Assertions.Expect(notice).ToContainTextAsync("too many requests");
        await Assertions.Expect(notice).ToContainTextAsync("rate_limit_exceeded");
        await Assertions.Expect(notice).ToContainTextAsync("4bf92f3577b34da6a3ce929d0e0e4736");
        await page.AssertAccessibleAsync();
        await page.TakeAsync("playground-error-light-1280");
    }

    [Fact]
    public async Task A_connection_that_breaks_leaves_the_beginning_and_says_that_the_rest_is_missing()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await RunAsync(page.Page, "cut, please");

        await Assertions.Expect(Answers(page.Page).Last).ToContainTextAsync("hash ring");
        await Assertions.Expect(Answers(page.Page).Last.Locator(".notice")).ToContainTextAsync("stream_interrupted");
    }

    [Fact]
    public async Task Model_parameters_conversation_and_drafts_survive_a_reload()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await ChooseModelAsync(page.Page, "haiku");
        await page.Page.GetByLabel("Temperature").FillAsync("0.2");
        await page.Page.GetByLabel("System prompt").FillAsync("Answer in one line.");
        await RunAsync(page.Page, "echo:remember this");
        await Assertions.Expect(Answers(page.Page).Last).ToContainTextAsync("remember this");
        await Assertions.Expect(Answers(page.Page).Last.Locator("footer")).ToContainTextAsync("claude-haiku-4-5");
        await page.Page.GetByLabel("Message").FillAsync("half a thought");

        await page.Page.ReloadAsync();
        await page.InteractiveAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Model: anthropic/claude-haiku-4-5" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByLabel("Temperature")).ToHaveValueAsync("0.2");
        await Assertions.Expect(page.Page.GetByLabel("System prompt")).ToHaveValueAsync("Answer in one line.");
        await Assertions.Expect(page.Page.GetByLabel("Message")).ToHaveValueAsync("half a thought");
        await Assertions.Expect(Answers(page.Page).Last).ToContainTextAsync("remember this");
    }

    [Fact]
    public async Task A_restart_of_the_console_costs_no_typed_text()
    {
        await using var own = await FakeConsole.StartAsync(new FakeState(isSetUp: true, hasData: true));
        await using var page = await browser.OpenAsync(own);
        // The browser's own words about the connection that went away.
        page.Expect("WebSocket|ERR_CONNECTION|Connection disconnected|Failed to (fetch|complete negotiation|start the connection)|circuit|reconnect");
        await page.SignInAsync("/playground");
        await RunAsync(page.Page, "echo:before the restart");
        await Assertions.Expect(Answers(page.Page).Last.Locator("footer")).ToContainTextAsync("first token");
        await page.Page.GetByLabel("Message").FillAsync("half a thought");
        await page.Page.EvaluateAsync("document.documentElement.dataset.before = ''");

        await own.RestartWebAsync(TestContext.Current.CancellationToken);

        await Assertions.Expect(page.Page.Locator("html[data-before]")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await page.InteractiveAsync();
        await Assertions.Expect(page.Page.GetByLabel("Message")).ToHaveValueAsync("half a thought");
        await Assertions.Expect(Answers(page.Page).Last).ToContainTextAsync("before the restart");
    }

    [Fact]
    public async Task A_model_is_found_and_chosen_by_keyboard_alone()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Model:" }).ClickAsync();
        await page.TakeAsync("model-picker-light-1280");
        await page.AssertAccessibleAsync();
        await page.Page.Keyboard.TypeAsync("gemini");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(3);
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Page.Locator("#model-1")).ToHaveClassAsync(new Regex("active"));
        await page.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Model: gemini/gemini-2.5-pro" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#models")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Regenerate_replaces_the_last_answer_and_clear_empties_the_conversation()
    {
        await using var page = await browser.OpenAsync(console);
        await page.SignInAsync("/playground");
        await RunAsync(page.Page, "echo:once");
        await Assertions.Expect(Answers(page.Page).Last.Locator("footer")).ToContainTextAsync("first token");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Regenerate" }).ClickAsync();
        await Assertions.Expect(Answers(page.Page)).ToHaveCountAsync(1);
        await Assertions.Expect(Answers(page.Page).Last.Locator("footer")).ToContainTextAsync("first token");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the conversation" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Start a conversation")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("<script>window.ran = 1</script>")]
    [InlineData("<img src=x onerror='window.ran = 1'>")]
    [InlineData("[click](javascript:window.ran=1)")]
    [InlineData("![beacon](https://elsewhere.example/pixel.png)")]
    [InlineData("<svg/onload=window.ran=1>")]
    [InlineData("```html\n</code></pre><script>window.ran=1</script>\n```")]
    [InlineData("<a href=\"data:text/html,<script>window.ran=1</script>\">x</a>")]
    [InlineData("<details open ontoggle=window.ran=1>x</details>")]
    public async Task Hostile_text_is_shown_and_never_runs(string text)
    {
        await using var page = await browser.OpenAsync(console);
        var outside = 0;
        page.Page.Request += (_, request) => outside += request.Url.Contains("elsewhere.example", StringComparison.Ordinal) ? 1 : 0;
        await page.SignInAsync("/playground");
        await RunAsync(page.Page, "echo:" + text);
        await Assertions.Expect(Answers(page.Page).Last.Locator("footer")).ToContainTextAsync("first token");

        Assert.True(await page.Page.EvaluateAsync<bool>("window.ran === undefined"));
        Assert.Equal(0, await Answers(page.Page).Last.Locator("script, img, svg:not(footer svg), [onload], [onerror], a[href^='javascript']").CountAsync());
        Assert.Equal(0, outside);
    }

    private static ILocator Answers(IPage page) => page.GetByRole(AriaRole.Article, new() { Name = "Answer" });

    private static async Task RunAsync(IPage page, string message)
    {
        await page.GetByLabel("Message").FillAsync(message);
        await page.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
    }

    private static async Task ChooseModelAsync(IPage page, string search)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Model:" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Search models" }).FillAsync(search);
        await page.GetByRole(AriaRole.Option).First.ClickAsync();
    }
}
