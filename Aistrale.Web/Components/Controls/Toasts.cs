using Aistrale.Web.Clients;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aistrale.Web.Components.Controls;

/// <summary>The one way to tell someone that something was done, or was not.</summary>
internal sealed class Toasts(INotificationService notifications)
{
    public Task DoneAsync(string title) => ShowAsync(ToastIntent.Success, title, null);

    public Task FailedAsync(string title, ApiProblem problem) => ShowAsync(ToastIntent.Error, title, problem.Detail);

    private Task<ToastResult> ShowAsync(ToastIntent intent, string title, string? message) =>
        notifications.ShowToastAsync(toast =>
        {
            toast.Intent = intent;
            toast.Title = title;
            toast.Message = message;
            toast.AllowDismiss = true;
            // Nothing waits for the toast to be closed.
            toast.ResultTiming = ToastResultTiming.Queued;
        });
}
