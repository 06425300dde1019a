using Aistrale.Contracts;
using Aistrale.Core.Encryption;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Lanes;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Upstream;
using Aistrale.Core.Telemetry;
using Aistrale.Core.Tokens;
using Aistrale.UnitTests.Core.Encryption;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.Extensions.Time.Testing;

namespace Aistrale.UnitTests.Core.Inference.Lanes;

/// <summary>The whole engine, put together as in the service, in front of one scripted provider that plays all of them.</summary>
internal sealed class Engine : IAsyncDisposable
{
    public const string Secret = "sk-canary-0123456789";

    private readonly SettlementRig _rig;
    private readonly ProviderHttp _http;
    private readonly TokenDirectory _tokens = new(null!);
    private readonly TokenVault _vault = new(KeyRings.WithKeys());
    private readonly InferenceService _service;

    private readonly string _secret;

    private Engine(ScriptedProvider provider, SettlementRig rig, string secret)
    {
        _secret = secret;
        Provider = provider;
        _rig = rig;
        _http = new ProviderHttp(_vault, rig.Clock);
        _service = new InferenceService(
            new Router(Settlement.Calls.Providers, _tokens, SettlementRig.Catalogue),
            new NativeLane(_http),
            new TranslatedLane(_http, SettlementRig.Catalogue),
            rig.Service,
            rig.Clock);
        PointAt(provider.Origin);
    }

    public ScriptedProvider Provider { get; }

    public SettlementRig Rig => _rig;

    public FakeTimeProvider Clock => _rig.Clock;

    /// <summary>The one final record of the one call that was made.</summary>
    public UsageEvent Record => Xunit.Assert.Single(_rig.Finished);

    public static async Task<Engine> StartAsync(CancellationToken ct, long segmentBytes = 16 * 1024 * 1024, string secret = Secret) =>
        new(await ScriptedProvider.StartAsync(ct), new SettlementRig(segmentBytes), secret);

    public void PointAt(string origin) => _tokens.Use(Providers.All.Select(provider => Sealed(provider, origin)));

    /// <summary>Tokens whose secrets were stored for another destination.</summary>
    public void MoveTokensWithoutTheirSecrets() => _tokens.Use(Providers.All.Select(provider => Sealed(provider, "https://elsewhere.test") with { BaseUrl = Provider.Origin }));

    public async Task<MemoryAnswerBody> RunAsync(IDialectRequest request, CancellationToken callerGone, IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        var body = new MemoryAnswerBody();
        await RunAsync(request, body, callerGone, headers);
        return body;
    }

    public Task RunAsync(IDialectRequest request, MemoryAnswerBody body, CancellationToken callerGone, IReadOnlyList<KeyValuePair<string, string>>? headers = null) =>
        _service.ExecuteAsync(Settlement.Calls.Create(request, Clock, Settlement.Calls.Key(), headers: headers), body, callerGone);

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        _http.Dispose();
        _rig.Dispose();
    }

    private TokenEntry Sealed(string provider, string baseUrl)
    {
        var token = new ProviderToken
        {
            Id = Settlement.Calls.TokenId,
            WorkspaceId = Settlement.Calls.WorkspaceId,
            OwnerId = Settlement.Calls.UserId,
            Provider = provider,
            Label = "main",
            Hint = "",
            BaseUrl = baseUrl,
            Visibility = TokenVisibilities.Private,
            Cell = [],
            DataKeyId = Guid.Empty,
        };
        _vault.Seal(token, new Secret(_secret));
        return new TokenEntry(token.Id, token.WorkspaceId, token.OwnerId, provider, token.Label, baseUrl, IsDefault: false, IsShared: false, token.Cell, token.CellVersion, token.DataKeyId);
    }
}
