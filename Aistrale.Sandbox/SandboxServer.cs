using Aistrale.Sandbox.Calls;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox;

/// <summary>The scripted provider as a web application: its own process in a running system, or inside a test.</summary>
public static class SandboxServer
{
    private const long MaxRequestBytes = 64L * 1024 * 1024;

    /// <summary>
    /// Builds the server without starting it. A test passes <c>--urls=http://127.0.0.1:0</c>, starts it, and reads
    /// the address from <see cref="WebApplication.Urls"/>.
    /// </summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole();
        // The upstream of a benchmark does not write a line per request.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ConnectionGate>();
        builder.Services.AddSingleton<CallLog>();
        builder.Services.AddSingleton<Handler>();
        builder.Services.AddSingleton<Catalogue>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            // Slow readers and slow writers are something to test against, not to cut off.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            var connections = kestrel.ApplicationServices.GetRequiredService<ConnectionGate>();
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Wrap));
        });

        var app = builder.Build();
        app.MapStartPage();
        app.MapGet("/alive", () => Results.Text("ok"));
        app.MapGet("/health", () => Results.Text("ok"));
        app.MapCallLog();
        app.MapProviders();
        return app;
    }
}
