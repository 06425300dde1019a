using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Keys;

public sealed partial class KeysPage
{
    private ApiProblem? _problem;
    private ConfirmDialog _confirm = null!;
    private bool _creating;

    [Inject]
    private KeysClient Keys { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [PersistentState]
    public IReadOnlyList<KeyResponse>? List { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (List is null)
        {
            await LoadAsync();
        }
    }

    private Task LoadAsync() => UnlessGoneAsync(async () =>
    {
        var keys = await Keys.ListAsync(Gone);
        (List, _problem) = (keys.Value ?? List, keys.Problem);
    });

    private void Create() => _creating = true;

    private async Task CreatedAsync()
    {
        _creating = false;
        await LoadAsync();
    }

    private async Task RevokeAsync(KeyResponse key)
    {
        var sure = await _confirm.AskAsync($"Revoke “{key.Name}”?", "Programs that use it are refused within seconds. This cannot be undone.", "Revoke key");
        if (!sure)
        {
            return;
        }

        if (await Keys.RevokeAsync(key.Id, Gone) is { } problem)
        {
            Toasts.Failed("The key was not revoked", problem);
        }
        else
        {
            Toasts.Done($"“{key.Name}” is revoked");
        }

        await LoadAsync();
    }
}
