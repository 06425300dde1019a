using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Tokens;

public sealed partial class TokensPage
{
    private ApiProblem? _problem;
    private ConfirmDialog _confirm = null!;
    private bool _adding;

    [Inject]
    private TokensClient Tokens { get; set; } = null!;

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

    private void Add() => _adding = true;

    private void Closed() => _adding = false;

    private async Task AddedAsync()
    {
        _adding = false;
        Toasts.Done("The token is stored");
        await LoadAsync();
    }

    private async Task DeleteAsync(TokenResponse token)
    {
        var sure = await _confirm.AskAsync(
            $"Delete “{token.Label}”?",
            "Calls that need it fail unless another token of the provider is there. The secret cannot be brought back.",
            "Delete token");
        if (!sure)
        {
            return;
        }

        if (await Tokens.DeleteAsync(token.Id, Gone) is { } problem)
        {
            Toasts.Failed("The token was not deleted", problem);
        }
        else
        {
            Toasts.Done($"“{token.Label}” is deleted");
        }

        await LoadAsync();
    }
}
