using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Aistrale.BrowserTests;

/// <summary>A page of the console that remembers every script error, console error and policy violation; closing it fails the test on any.</summary>
public sealed class ConsolePage : IAsyncDisposable
{
    private const string ReportViolations =
        "document.addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} blocked ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber} ${e.sample}`));";

    private readonly IBrowserContext _context;
    private readonly IConsoleUnderTest _console;
    private readonly List<string> _faults = [];
    private readonly List<Regex> _expected = [];
    private bool _toolIsAtWork;

    private ConsolePage(IBrowserContext context, IPage page, IConsoleUnderTest console)
    {
        _context = context;
        _console = console;
        Page = page;
    }

    public IPage Page { get; }

    public static async Task<ConsolePage> OpenAsync(IBrowserContext context, IConsoleUnderTest console)
    {
        await context.AddInitScriptAsync(ReportViolations);
        var page = await context.NewPageAsync();
        var opened = new ConsolePage(context, page, console);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !(opened._toolIsAtWork && IsAboutStyle(message.Text)))
            {
                opened._faults.Add($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => opened._faults.Add($"script: {error}");
        return opened;
    }

    /// <summary>A fault that the test provokes on purpose.</summary>
    public void Expect([StringSyntax(StringSyntaxAttribute.Regex)] string fault) => _expected.Add(new Regex(fault));

    /// <summary>Lets a test tool work in the page: axe and the screenshot try to add style elements of their own, which our policy refuses.</summary>
    internal async Task WithToolAsync(Func<IPage, Task> work)
    {
        _toolIsAtWork = true;
        await work(Page);
        // Messages arrive in order: after this answer all of the tool's are in.
        await Page.EvaluateAsync("0");
        _toolIsAtWork = false;
    }

    public async Task SignInAsync(string path = "/")
    {
        await Page.GotoAsync("/login?returnUrl=" + Uri.EscapeDataString(path));
        await Page.GetByLabel("Email").FillAsync(_console.AdminEmail);
        await Page.GetByLabel("Password").FillAsync(_console.AdminPassword);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await InteractiveAsync();
    }

    public async Task GotoAsync(string path)
    {
        await Page.GotoAsync(path);
        await InteractiveAsync();
    }

    /// <summary>Returns when the circuit has taken the page over from its first rendering.</summary>
    public Task InteractiveAsync() => Page.Locator("html[data-interactive]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    private static bool IsAboutStyle(string message) =>
        message.Contains("Applying inline style", StringComparison.Ordinal) || message.StartsWith("CSP: style-src", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        var unexpected = _faults.Where(fault => !_expected.Any(known => known.IsMatch(fault))).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }
}
