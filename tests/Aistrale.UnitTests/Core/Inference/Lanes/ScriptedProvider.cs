using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

/// <summary>A provider on a real socket that answers what the test says and remembers what it was sent.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedProvider(WebApplication app) => _app = app;

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public string Origin { get; private set; } = "";

    public int Calls { get; private set; }

    public byte[] LastBody { get; private set; } = [];

    public string LastBodyText => Encoding.UTF8.GetString(LastBody);

    public Dictionary<string, string> LastHeaders { get; private set; } = [];

    public string LastPath { get; private set; } = "";

    public static async Task<ScriptedProvider> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new ScriptedProvider(app);
        app.Run(provider.HandleAsync);
        await app.StartAsync(ct);
        provider.Origin = app.Urls.Single();
        return provider;
    }

    /// <summary>One whole answer.</summary>
    public void Reply(string body, int status = 200, string contentType = "application/json", params (string Name, string Value)[] headers) => Answer = async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body, context.RequestAborted);
    };

    /// <summary>A stream in as many pieces as there are texts; nothing comes after them, not even an error.</summary>
    public void Stream(params string[] pieces) => Answer = async context =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var piece in pieces)
        {
            await context.Response.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    };

    /// <summary>A stream that ends, or whose connection is torn down, once <paramref name="received"/> says that its text arrived.</summary>
    public void StreamAndEnd(string text, Task received, bool dies) => Answer = async context =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await received;
        if (dies)
        {
            context.Abort();
        }
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Calls++;
        LastBody = body.ToArray();
        LastPath = context.Request.Path + context.Request.QueryString;
        LastHeaders = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        await Answer(context);
    }
}
