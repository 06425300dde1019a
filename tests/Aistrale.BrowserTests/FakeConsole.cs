using Aistrale.BrowserTests.FakeApi;
using Xunit;

namespace Aistrale.BrowserTests;

/// <summary>The console in front of a fake API with a believable history; one for all tests that change little.</summary>
public sealed class FakeConsole : IConsoleUnderTest, IAsyncLifetime
{
    private FakeApiServer? _api;
    private WebProcess? _web;

    private FakeConsole(FakeState state) => State = state;

    public FakeConsole()
        : this(new FakeState(isSetUp: true, hasData: true))
    {
    }

    public FakeState State { get; }

    public Uri Origin => _web!.Origin;

    public string AdminEmail => State.AdminEmail;

    public string AdminPassword => State.AdminPassword;

    public FakeApiServer Api => _api!;

    /// <summary>A console of its own, for a test that breaks or empties things.</summary>
    public static async Task<FakeConsole> StartAsync(FakeState state)
    {
        var console = new FakeConsole(state);
        await console.InitializeAsync();
        return console;
    }

    public Task RestartWebAsync(CancellationToken ct) => _web!.RestartAsync(ct);

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync(State, CancellationToken.None);
        _web = await WebProcess.StartAsync(_api.Origin, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
        {
            await _web.SaveOutputAsync();
            await _web.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }
}
