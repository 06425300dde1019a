using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Aistrale.Web.Components;

public sealed partial class App
{
    private const string ThemeCookie = "aistrale-theme";

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    // Sign-in, set-up and error pages are plain HTML: a circuit can neither set a cookie nor be trusted to exist.
    private IComponentRenderMode? RenderMode =>
        HttpContext.AcceptsInteractiveRouting() ? Microsoft.AspNetCore.Components.Web.RenderMode.InteractiveServer : null;

    private string Theme => HttpContext.Request.Cookies[ThemeCookie] is "light" or "dark" ? HttpContext.Request.Cookies[ThemeCookie]! : "system";
}
