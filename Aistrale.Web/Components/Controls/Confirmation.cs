using Microsoft.FluentUI.AspNetCore.Components;

namespace Aistrale.Web.Components.Controls;

/// <summary>The one way to ask before something that cannot be undone.</summary>
internal static class Confirmation
{
    public static async Task<bool> AskAsync(this IDialogService dialogs, string title, string text, string action, bool dangerous = false)
    {
        var result = await dialogs.ShowDialogAsync<ConfirmDialog>(dialog =>
        {
            dialog.Modal = true;
            dialog.Width = "440px";
            dialog.Parameters.Add(nameof(ConfirmDialog.Title), title);
            dialog.Parameters.Add(nameof(ConfirmDialog.Text), text);
            dialog.Parameters.Add(nameof(ConfirmDialog.Action), action);
            dialog.Parameters.Add(nameof(ConfirmDialog.Dangerous), dangerous);
        });
        return !result.Cancelled;
    }
}
