using System.Net;
using Aistrale.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aistrale.BrowserTests.FakeApi;

/// <summary>
/// Speaks the console API's contract over real HTTP, from memory. It lets the console's own tests make the states that a real stack
/// seldom shows: an API that is down, an empty installation, a session ended by someone else, a stream that breaks.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly FakeState _state;
    private WebApplication? _app;
    private int _port;

    private FakeApiServer(FakeState state) => _state = state;

    public Uri Origin => new($"http://127.0.0.1:{_port}");

    public FakeState State => _state;

    public static async Task<FakeApiServer> StartAsync(FakeState state, CancellationToken ct)
    {
        var server = new FakeApiServer(state);
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>Starts again on the same port after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        builder.Services.AddSingleton(_state);
        var app = builder.Build();
        app.Use(RequireSessionAsync);
        app.MapSignIn();
        app.MapInference();
        app.MapTelemetry();
        app.MapKeysAndTokens();
        app.MapGateway();
        await app.StartAsync(ct);
        _port = new Uri(app.Urls.First()).Port;
        _app = app;
    }

    public async Task StopAsync(CancellationToken ct)
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(ct);
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private Task RequireSessionAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        var isOpen = !path.StartsWithSegments("/api") || path == "/api/setup" || path == "/api/auth/login" || path.StartsWithSegments("/api/auth/links");
        _state.Note(context.Request);
        return isOpen || _state.UserOf(context.Request) is not null
            ? next(context)
            : Problems.Write(context, StatusCodes.Status401Unauthorized, ErrorCodes.NotSignedIn, "Sign in first.");
    }
}
