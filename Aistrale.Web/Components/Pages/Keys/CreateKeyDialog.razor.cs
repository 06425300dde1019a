using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Keys;

public sealed partial class CreateKeyDialog
{
    private static readonly IReadOnlyList<(string Scope, string Text)> Scopes =
    [
        (KeyScopes.Inference, "Call models"),
        (KeyScopes.TelemetryRead, "Read requests and costs"),
        (KeyScopes.PromptsRead, "Read prompts"),
        (KeyScopes.PromptsWrite, "Change prompts"),
    ];

    private readonly HashSet<string> _scopes = [KeyScopes.Inference];
    private string _name = "";
    private string _models = "";
    private int _expiryDays = 90;
    private string? _nameError;
    private string? _scopeError;
    private bool _busy;
    private ApiProblem? _problem;
    private CreatedKeyResponse? _created;

    [Inject]
    private KeysClient Keys { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Parameter]
    public EventCallback OnClosed { get; set; }

    private void Toggle(string scope, bool allowed) => _ = allowed ? _scopes.Add(scope) : _scopes.Remove(scope);

    private async Task CreateAsync()
    {
        _nameError = string.IsNullOrWhiteSpace(_name) ? "Give the key a name, so that you know later what stops when you revoke it." : null;
        _scopeError = _scopes.Count == 0 ? "Choose at least one thing that the key may do." : null;
        if (_busy || _nameError is not null || _scopeError is not null)
        {
            return;
        }

        _busy = true;
        var models = _models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var result = await Keys.CreateAsync(
            new CreateKeyRequest(
                _name.Trim(),
                [.. KeyScopes.All.Where(_scopes.Contains)],
                models.Length == 0 ? null : models,
                ExpiresAt: Clock.GetUtcNow().AddDays(_expiryDays)),
            CancellationToken.None);
        (_created, _problem, _busy) = (result.Value, result.Problem, false);
        _nameError = _problem?.ErrorOf("name");
    }
}
