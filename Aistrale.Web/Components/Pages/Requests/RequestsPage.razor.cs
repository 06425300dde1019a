using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Aistrale.Web.Components.Pages.Requests;

public sealed partial class RequestsPage
{
    private const int PageSize = 50;

    private readonly Stack<string?> _earlier = new();
    private RequestQuery _query = new(null, null, null, null, null, null);
    private RequestQuery? _underWay;
    private string? _loadedUrl;
    private ApiProblem? _problem;
    private bool _loading;
    private Guid? _opened;

    [Inject]
    private TelemetryClient Telemetry { get; set; } = null!;

    [Inject]
    private KeysClient Keys { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    /// <summary>Carried from the first rendering into the circuit, so that the list is asked for once.</summary>
    [PersistentState]
    public Page<RequestResponse>? List { get; set; }

    [PersistentState]
    public Dictionary<Guid, string>? KeyNames { get; set; }

    // A second filter can be chosen before the address of the first has come back; it must build on the first.
    private RequestQuery Wanted => _underWay ?? _query;

    /// <summary>The request whose details are open.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [SupplyParameterFromQuery]
    private string? Provider { get; set; }

    [SupplyParameterFromQuery]
    private string? Model { get; set; }

    [SupplyParameterFromQuery]
    private string? Status { get; set; }

    [SupplyParameterFromQuery]
    private string? Range { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private string? Cursor { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        _query = new RequestQuery(Provider, Model, Status, Range, From, To);
        _underWay = _underWay?.ToUrl("") == _query.ToUrl("") ? null : _underWay;
        var url = _query.ToUrl("", Cursor);
        if (url == _loadedUrl)
        {
            // Only the drawer was opened or closed.
            return;
        }

        var restored = _loadedUrl is null && List is not null;
        _loadedUrl = url;
        if (!restored)
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var closed = Id is null ? _opened : null;
        _opened = Id;
        if (closed is { } id)
        {
            await UnlessGoneAsync(() => Script.InvokeVoidAsync("aistrale.focus", Gone, $"row-{id}").AsTask());
        }
    }

    private async Task LoadAsync()
    {
        _loading = true;
        await UnlessGoneAsync(async () =>
        {
            var url = _loadedUrl;
            KeyNames ??= await LoadKeyNamesAsync();
            var list = await Telemetry.ListRequestsAsync(_query.ToFilter(Clock.GetUtcNow()), Cursor, PageSize, Gone);
            if (url == _loadedUrl)
            {
                // Otherwise a later filter is on its way, and its answer counts.
                (List, _problem) = (list.Value ?? List, list.Problem);
            }
        });
        _loading = false;
    }

    // Rows carry only the id of a key. Without the list (a role that may not see keys) the id's end is shown.
    private async Task<Dictionary<Guid, string>> LoadKeyNamesAsync()
    {
        var keys = await Keys.ListAsync(Gone);
        return keys.Value?.ToDictionary(key => key.Id, key => key.Name) ?? [];
    }

    private void Apply(RequestQuery query)
    {
        _underWay = query;
        _earlier.Clear();
        Navigation.NavigateTo(query.ToUrl("/requests"));
    }

    private void Forward()
    {
        _earlier.Push(Cursor);
        Navigation.NavigateTo(_query.ToUrl("/requests", List?.NextCursor));
    }

    private void Back()
    {
        if (_earlier.TryPop(out var cursor))
        {
            Navigation.NavigateTo(_query.ToUrl("/requests", cursor));
        }
    }

    private void Open(Guid id) => Navigation.NavigateTo(_query.ToUrl($"/requests/{id}", Cursor));

    private string SourceOf(RequestResponse row) => row.KeyId switch
    {
        null => "Console",
        { } key when KeyNames?.GetValueOrDefault(key) is { } name => name,
        { } key => $"Key …{key.ToString("N")[^6..]}",
    };

    private static string ModelTitle(RequestResponse row) =>
        row.Model is null || row.Model == row.RequestedModel ? row.RequestedModel : $"{row.Model}, asked for as {row.RequestedModel}";

    private static string? Text(ChangeEventArgs change) => change.Value?.ToString();

    private static string StatusText(string status) => status switch
    {
        UsageStatuses.Ok => "OK",
        UsageStatuses.Error => "Error",
        UsageStatuses.ClientCancelled => "Cancelled",
        UsageStatuses.Interrupted => "Interrupted",
        UsageStatuses.Refused => "Refused",
        _ => status,
    };
}
