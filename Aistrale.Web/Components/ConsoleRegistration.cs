using Aistrale.Web.Components.Controls;
using Aistrale.Web.Display;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aistrale.Web.Components;

internal static class ConsoleRegistration
{
    // The whole text of a field is one message; the default of 32 KB would end the circuit when a long prompt is pasted.
    private const int MaxCircuitMessageBytes = 4 * 1024 * 1024;

    public static void AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxCircuitMessageBytes);
        services.AddFluentUIComponents();
        services.AddSingleton<SafeMarkdown>();
        services.AddScoped<Toasts>();
        services.AddScoped<Ticker>();
    }

    public static void MapConsole(this WebApplication app) =>
        app.MapRazorComponents<App>()
            // Ours is stricter and on every answer.
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
}
