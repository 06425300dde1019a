using System.Globalization;
using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aistrale.Web.Components.Pages.Requests;

public sealed partial class RequestDrawer
{
    private ApiProblem? _problem;
    private ElementReference _title;

    [Inject]
    private TelemetryClient Telemetry { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [PersistentState]
    public RequestDetailResponse? Detail { get; set; }

    [Parameter, EditorRequired]
    public Guid Id { get; set; }

    /// <summary>Where the list is, with its filters.</summary>
    [Parameter, EditorRequired]
    public string CloseUrl { get; set; } = "";

    protected override async Task OnInitializedAsync()
    {
        if (Detail?.Id != Id)
        {
            Detail = null;
            await LoadAsync();
        }
    }

    // The reader's place moves with the click; the list gives it back when this closes.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await UnlessGoneAsync(() => _title.FocusAsync(preventScroll: true).AsTask());
        }
    }

    private Task LoadAsync() => UnlessGoneAsync(async () =>
    {
        var detail = await Telemetry.GetRequestAsync(Id, Gone);
        (Detail, _problem) = (detail.Value, detail.Problem);
    });

    private void CloseOnEscape(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
        {
            Navigation.NavigateTo(CloseUrl);
        }
    }

    // The longest attempt fills the line.
    private string Share(double latencyMs)
    {
        var longest = Detail!.Attempts.Max(attempt => attempt.LatencyMs);
        var percent = longest <= 0 ? 0 : Math.Max(1, latencyMs / longest * 100);
        return percent.ToString("0.#", CultureInfo.InvariantCulture) + "%";
    }

    private static string Source(RequestDetailResponse detail) => detail switch
    {
        { KeyName: { } key } => $"Key “{key}”",
        { Source: "gateway" } => "Gateway",
        { Source: "console" } => "Console",
        _ => detail.Source,
    };

    private static string UsageText(RequestDetailResponse detail)
    {
        var usage = detail.Usage;
        var parts = new List<string>();
        Add(usage.CachedInputTokens, "cached");
        Add(usage.CacheWriteTokens, "written to cache");
        Add(usage.ReasoningTokens, "reasoning");
        var quality = detail.UsageQuality switch
        {
            UsageQualities.Exact => "counted by the provider",
            UsageQualities.Estimated => "estimated by the gateway",
            _ => "no tokens known",
        };
        return parts.Count == 0 ? quality : $"{string.Join(", ", parts)}; {quality}";

        void Add(long? count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{Count.Exact(count)} {what}");
            }
        }
    }
}
