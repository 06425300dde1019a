using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Aistrale.Web.Components.Pages.Playground;

public sealed partial class PlaygroundPage : IAsyncDisposable
{
    // Twenty times a second at most: faster than anyone reads, slow enough for a circuit.
    private static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<ChatTurn> _turns = [];
    private RunSettings _settings = new();
    private CancellationTokenSource? _run;
    private IJSObjectReference? _script;
    private ApiProblem? _problem;
    private string _message = "";
    private string _system = "";
    private string? _hint;
    private string? _status;

    [Inject]
    private InferenceClient Inference { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [PersistentState]
    public IReadOnlyList<ModelResponse>? Models { get; set; }

    private bool IsRunning => _run is not null;

    private ModelResponse? Chosen => Models?.FirstOrDefault(model => model.Id == _settings.Model);

    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            if (_script is not null)
            {
                await _script.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the script with it.
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _settings = RunSettings.Read(Navigation.Uri);
        if (Models is null)
        {
            await LoadAsync();
        }
        else
        {
            ChooseDefault();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        await UnlessGoneAsync(async () =>
        {
            _script = await Script.InvokeAsync<IJSObjectReference>("import", Gone, "./js/playground.js");
            var drafts = await _script.InvokeAsync<Drafts>("open", Gone);
            (_message, _system) = (drafts.Message ?? "", drafts.System ?? "");
            _turns.AddRange(SavedThread.Read(drafts.Thread));
            StateHasChanged();
        });
    }

    private Task LoadAsync() => UnlessGoneAsync(async () =>
    {
        var models = await Inference.ListModelsAsync(Gone);
        (Models, _problem) = (models.Value ?? Models, models.Problem);
        ChooseDefault();
    });

    private void ChooseDefault()
    {
        if (_settings.Model.Length == 0 && Models is { Count: > 0 })
        {
            // A first try should cost little; whoever wants more chooses it.
            _settings.Model = Models
                .OrderByDescending(model => model.Available)
                .ThenBy(model => model.OutputUsdPerMTok ?? decimal.MaxValue)
                .First().Id;
        }
    }

    private void ChooseModel(string model) => Set(() => _settings.Model = model);

    private void Set(Action change)
    {
        change();
        _settings.Parse();
        Navigation.NavigateTo(_settings.ToUrl(), replace: true);
    }

    private void ResetParameters() => Set(_settings.ClearParameters);

    private string? Error(string field) => _settings.Errors.GetValueOrDefault(field);

    private async Task RunAsync()
    {
        _hint = null;
        if (IsRunning)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(_message))
        {
            _hint = "Write a message first.";
            return;
        }

        if (Parameters() is not { } parameters)
        {
            return;
        }

        _turns.Add(new ChatTurn(ChatTurn.User, _message));
        _message = "";
        await AnswerAsync(parameters);
    }

    private async Task RegenerateAsync(ChatTurn answer)
    {
        if (!IsRunning && Parameters() is { } parameters)
        {
            _turns.RemoveRange(_turns.IndexOf(answer), _turns.Count - _turns.IndexOf(answer));
            await AnswerAsync(parameters);
        }
    }

    private InferenceParameters? Parameters()
    {
        var parameters = _settings.Parse();
        _hint = (parameters, _settings.Model) switch
        {
            (null, _) => "A parameter is not valid; see the settings.",
            (_, "") => "Choose a model first.",
            _ => null,
        };
        return _hint is null ? parameters : null;
    }

    private async Task AnswerAsync(InferenceParameters parameters)
    {
        var request = new InferenceRunRequest(
            _settings.Model,
            Messages: [.. _turns.Where(turn => turn.HasText).Select(turn => new InferenceMessage(turn.Role, turn.Text))],
            System: string.IsNullOrWhiteSpace(_system) ? null : _system,
            Parameters: parameters);
        var answer = new ChatTurn(ChatTurn.Assistant);
        _turns.Add(answer);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        _run = run;
        _status = "The answer is coming";
        answer.Begin();
        var drawing = DrawAsync(answer, run.Token);
        try
        {
            await foreach (var step in Inference.StreamAsync(request, run.Token))
            {
                answer.Accept(step);
            }
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            // Stop was pressed, or the page was left: what came is kept.
        }
        finally
        {
            answer.End(stopped: run.IsCancellationRequested);
            _run = null;
            await run.CancelAsync();
            await drawing;
        }

        _status = answer.Failure is null ? "The answer is complete" : $"The answer failed. {answer.Failure.Message}";
        await SaveThreadAsync();
    }

    // Pieces may arrive by the thousand; the page is drawn at a steady pace, and only when there is something new.
    private async Task DrawAsync(ChatTurn answer, CancellationToken ct)
    {
        var drawn = -1;
        using var timer = new PeriodicTimer(RenderInterval, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                if (drawn != answer.Version)
                {
                    drawn = answer.Version;
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The answer has ended; the last drawing is the event handler's own.
        }
    }

    private void Stop() => _run?.Cancel();

    private async Task ClearAsync()
    {
        _turns.Clear();
        _status = "The conversation is cleared";
        await SaveThreadAsync();
    }

    private async Task SaveThreadAsync()
    {
        if (_script is not null && !Gone.IsCancellationRequested && SavedThread.Write(_turns) is { } json)
        {
            await _script.InvokeVoidAsync("saveThread", Gone, json);
        }
    }

    private sealed record Drafts(string? Message, string? System, string? Thread);
}
