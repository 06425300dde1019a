using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Keys;

public sealed partial class KeysPage
{
    private ApiProblem? _problem;

    [Inject]
    private KeysClient Keys { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

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

    private async Task CreateAsync()
    {
        await Dialogs.ShowDialogAsync<CreateKeyDialog>(dialog =>
        {
            dialog.Describe("Create key", Controls.Dialogs.WideForm);
            // Escape must not throw away a key that is shown only once; the dialog has its own buttons.
            dialog.PreventDismissOnEscape = true;
        });
        await LoadAsync();
    }

    private async Task RevokeAsync(KeyResponse key)
    {
        var sure = await Dialogs.AskAsync(
            $"Revoke “{key.Name}”?", "Programs that use it are refused within seconds. This cannot be undone.", "Revoke key", dangerous: true);
        if (!sure)
        {
            return;
        }

        if (await Keys.RevokeAsync(key.Id, Gone) is { } problem)
        {
            await Toasts.FailedAsync("The key was not revoked", problem);
        }
        else
        {
            await Toasts.DoneAsync($"“{key.Name}” is revoked");
        }

        await LoadAsync();
    }
}
