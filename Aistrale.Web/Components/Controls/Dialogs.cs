using Microsoft.FluentUI.AspNetCore.Components;

namespace Aistrale.Web.Components.Controls;

/// <summary>How this console uses the library's dialogs: named for screen readers, sized by class.</summary>
internal static class Dialogs
{
    public const string Question = "dialog-question";
    public const string Form = "dialog-form";
    public const string WideForm = "dialog-wide";

    /// <summary>The one way to ask before something that cannot be undone.</summary>
    /// <param name="dialogs">The library's service.</param>
    /// <param name="title">The question.</param>
    /// <param name="text">What follows from a yes.</param>
    /// <param name="action">The verb on the button.</param>
    /// <param name="dangerous">Whether the button warns by its colour.</param>
    public static async Task<bool> AskAsync(this IDialogService dialogs, string title, string text, string action, bool dangerous = false)
    {
        var result = await dialogs.ShowDialogAsync<ConfirmDialog>(dialog =>
        {
            dialog.Describe(title, Question);
            dialog.Parameters.Add(nameof(ConfirmDialog.Title), title);
            dialog.Parameters.Add(nameof(ConfirmDialog.Text), text);
            dialog.Parameters.Add(nameof(ConfirmDialog.Action), action);
            dialog.Parameters.Add(nameof(ConfirmDialog.Dangerous), dangerous);
        });
        return !result.Cancelled;
    }

    /// <summary>Modal, with a name and one of the widths above. The library's own Width writes a style element, which our policy refuses.</summary>
    public static void Describe(this DialogOptions dialog, string title, string width)
    {
        dialog.Modal = true;
        dialog.Class = width;
        // The title inside the dialog is out of reach of its shadow tree's aria-labelledby.
        dialog.AdditionalAttributes = new Dictionary<string, object> { ["aria-label"] = title };
    }
}
