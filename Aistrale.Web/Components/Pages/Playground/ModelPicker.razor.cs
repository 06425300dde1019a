using Aistrale.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Aistrale.Web.Components.Pages.Playground;

public sealed partial class ModelPicker
{
    private ElementReference _panel;
    private string _search = "";
    private int _active;
    private int _opened;
    private IReadOnlyList<ModelResponse>? _options;
    private IReadOnlyList<ModelResponse>? _optionsOf;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<ModelResponse> Models { get; set; } = [];

    /// <summary>The id of the chosen model; may be one that the list does not have, such as an alias.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    [Parameter]
    public bool Loading { get; set; }

    private ModelResponse? Chosen => Models.FirstOrDefault(model => model.Id == Value);

    private bool CanUseAsTyped =>
        !string.IsNullOrWhiteSpace(_search) && !Models.Any(model => string.Equals(model.Id, _search.Trim(), StringComparison.OrdinalIgnoreCase));

    private IReadOnlyList<ModelResponse> Options
    {
        get
        {
            if (_options is null || !ReferenceEquals(_optionsOf, Models))
            {
                (_options, _optionsOf) = (Find(_search), Models);
            }

            return _options;
        }
    }

    private void Search(ChangeEventArgs change)
    {
        _search = change.Value?.ToString() ?? "";
        _active = 0;
        _options = null;
    }

    // Every word must occur; what can be called comes first, then by provider and name.
    private IReadOnlyList<ModelResponse> Find(string search)
    {
        var words = search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. Models
                .Where(model => words.All(word =>
                    model.Id.Contains(word, StringComparison.OrdinalIgnoreCase)
                    || model.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
                    || model.Provider.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .OrderByDescending(model => model.Available)
                .ThenBy(model => model.Provider, StringComparer.Ordinal)
                .ThenBy(model => model.Name, StringComparer.Ordinal),
        ];
    }

    private async Task MoveAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown":
                _active = Math.Min(_active + 1, Math.Max(0, Options.Count - 1));
                break;
            case "ArrowUp":
                _active = Math.Max(0, _active - 1);
                break;
            case "Enter" when _active < Options.Count:
                await ChooseAsync(Options[_active].Id);
                await CloseAsync();
                break;
            case "Enter" when CanUseAsTyped:
                await ChooseAsync(_search.Trim());
                await CloseAsync();
                break;
        }
    }

    protected override void OnParametersSet()
    {
        if (_search.Length == 0)
        {
            // The list opens at what is chosen.
            _active = Math.Max(0, Options.ToList().FindIndex(model => model.Id == Value));
        }
    }

    private async Task ChooseAsync(string id)
    {
        (_search, _options) = ("", null);
        _opened++;
        await ValueChanged.InvokeAsync(id);
    }

    private ValueTask CloseAsync() => Script.InvokeVoidAsync("aistrale.hidePopover", _panel);
}
