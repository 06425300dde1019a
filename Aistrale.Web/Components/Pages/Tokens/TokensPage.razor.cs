using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Tokens;

public sealed partial class TokensPage
{
    private ApiProblem? _problem;

    [Inject]
    private TokensClient Tokens { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [PersistentState]
    public IReadOnlyList<TokenResponse>? List { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (List is null)
        {
            await LoadAsync();
        }
    }

    private Task LoadAsync() => UnlessGoneAsync(async () =>
    {
        var tokens = await Tokens.ListAsync(Gone);
        (List, _problem) = (tokens.Value ?? List, tokens.Problem);
    });

    private async Task AddAsync()
    {
        var result = await Dialogs.ShowDialogAsync<AddTokenDialog>(dialog => dialog.Describe("Add provider token", Controls.Dialogs.Form));
        if (!result.Cancelled)
        {
            await Toasts.DoneAsync("The token is stored");
            await LoadAsync();
        }
    }

    private async Task DeleteAsync(TokenResponse token)
    {
        var sure = await Dialogs.AskAsync(
            $"Delete “{token.Label}”?", "Calls that need it fail unless another token of the provider is there. The secret cannot be brought back.", "Delete token", dangerous: true);
        if (!sure)
        {
            return;
        }

        if (await Tokens.DeleteAsync(token.Id, Gone) is { } problem)
        {
            await Toasts.FailedAsync("The token was not deleted", problem);
        }
        else
        {
            await Toasts.DoneAsync($"“{token.Label}” is deleted");
        }

        await LoadAsync();
    }
}
