using Aistrale.Sandbox;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

/// <summary>A sandbox of its own for a test class, on a free port.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private readonly WebApplication _app = SandboxServer.Build(["--urls=http://127.0.0.1:0", "--Sandbox:KeepBodies=true", "--Logging:LogLevel:Default=Warning"]);

    public SandboxClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client = new SandboxClient(new Uri(_app.Urls.Single()));
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
