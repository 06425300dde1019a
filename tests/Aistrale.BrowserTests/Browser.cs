using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Aistrale.BrowserTests.Browser))]
[assembly: AssemblyFixture(typeof(Aistrale.BrowserTests.FakeConsole))]

namespace Aistrale.BrowserTests;

/// <summary>One Chromium for the whole assembly; each test gets a profile of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string ChromiumPath = "/usr/bin/chromium";

    // A bare Chromium asks for updates and accounts; nothing but this machine may be reached.
    private const string OnlyThisMachine = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ChromiumPath,
            // Chromium's sandbox refuses to run as root.
            Args = Environment.UserName == "root" ? [OnlyThisMachine, "--no-sandbox"] : [OnlyThisMachine],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    public async Task<ConsolePage> OpenAsync(
        IConsoleUnderTest console, int width = 1280, int height = 860, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = console.Origin.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = script,
            Locale = "en-US",
        });
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        return await ConsolePage.OpenAsync(context, console);
    }
}
