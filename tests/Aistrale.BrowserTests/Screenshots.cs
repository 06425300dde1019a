using Microsoft.Playwright;

namespace Aistrale.BrowserTests;

/// <summary>Pictures for people, at artifacts/screenshots; the README's come from here.</summary>
internal static class Screenshots
{
    private static readonly string Folder = Path.Combine(Repository.Artifacts, "screenshots");

    public static Task TakeAsync(this ConsolePage console, string name) =>
        console.WithToolAsync(page => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), Caret = ScreenshotCaret.Initial }));
}
