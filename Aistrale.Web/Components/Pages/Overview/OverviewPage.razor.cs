using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Display;
using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Aistrale.Web.Components.Pages.Overview;

public sealed partial class OverviewPage
{
    private const string DefaultRange = "24h";
    private const int RecentRequests = 8;

    private static readonly IReadOnlyList<TimeRange> Ranges =
    [
        new("1h", "last hour", TimeSpan.FromHours(1)),
        new("24h", "last 24 hours", TimeSpan.FromHours(24)),
        new("7d", "last 7 days", TimeSpan.FromDays(7)),
        new("30d", "last 30 days", TimeSpan.FromDays(30)),
    ];

    private ApiProblem? _problem;
    private string? _loadedRange;
    private string? _scope;

    [Inject]
    private TelemetryClient Telemetry { get; set; } = null!;

    [Inject]
    private InferenceClient Inference { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [PersistentState]
    public OverviewData? Data { get; set; }

    [SupplyParameterFromQuery]
    private string? Range { get; set; }

    private TimeRange Selected => Ranges.FirstOrDefault(range => range.Name == Range) ?? Ranges.First(range => range.Name == DefaultRange);

    private TelemetrySummaryResponse? Now => Data?.Now;

    private TelemetrySummaryResponse? Before => Data?.Before;

    private bool HasToken => Data?.Providers.Any(provider => provider.Tokens > 0) == true;

    private bool IsNew => Data is { Recent.Count: 0 };

    private string? CachedShare => Now is { InputTokens: > 0, CachedInputTokens: > 0 }
        ? $"{Count.Percent((double)Now.CachedInputTokens / Now.InputTokens)} from cache"
        : null;

    private string? Unpriced => Now is { UnpricedRequests: > 0 } ? $"+ {Count.Exact(Now.UnpricedRequests)} unpriced" : null;

    protected override async Task OnParametersSetAsync()
    {
        var state = await Authentication;
        _scope = (state.User.Identity as SessionIdentity)?.User.Role is Roles.Admin or Roles.Auditor ? "All workspace" : "Your";
        if (_loadedRange == Selected.Name)
        {
            return;
        }

        var restored = _loadedRange is null && Data is not null;
        _loadedRange = Selected.Name;
        if (!restored)
        {
            Data = null;
            await LoadAsync();
        }
    }

    private Task LoadAsync() => UnlessGoneAsync(async () =>
    {
        var to = Clock.GetUtcNow();
        var length = Selected.Length;
        var now = Telemetry.GetSummaryAsync(to - length, to, Gone);
        var before = Telemetry.GetSummaryAsync(to - (2 * length), to - length, Gone);
        var recent = Telemetry.ListRequestsAsync(new RequestFilter(), null, RecentRequests, Gone);
        var providers = Inference.ListProvidersAsync(Gone);
        await Task.WhenAll(now, before, recent, providers);
        Accept(await now, await before, await recent, await providers);
    });

    private void Accept(
        ApiResult<TelemetrySummaryResponse> now,
        ApiResult<TelemetrySummaryResponse> before,
        ApiResult<Page<RequestResponse>> recent,
        ApiResult<IReadOnlyList<ProviderResponse>> providers)
    {
        _problem = now.Problem ?? recent.Problem ?? providers.Problem;
        if (now.IsOk && recent.IsOk && providers.IsOk)
        {
            // The comparison is a comfort; the page stands without it.
            Data = new OverviewData(now.Value, before.Value, recent.Value.Items, providers.Value);
        }
    }

    // Against the period before of equal length; nothing to say when that was empty.
    private static string? Change(decimal? now, decimal? before)
    {
        if (now is not { } current || before is not > 0)
        {
            return null;
        }

        var ratio = (double)((current - before.Value) / before.Value);
        return Math.Abs(ratio) < 0.005 ? "unchanged" : (ratio > 0 ? "+" : "−") + Count.Percent(Math.Abs(ratio));
    }

    internal sealed record TimeRange(string Name, string Text, TimeSpan Length);
}

/// <summary>What the first page shows, as far as the API gave it.</summary>
public sealed record OverviewData(
    TelemetrySummaryResponse Now,
    TelemetrySummaryResponse? Before,
    IReadOnlyList<RequestResponse> Recent,
    IReadOnlyList<ProviderResponse> Providers);
