using Aistrale.Web.Clients;

namespace Aistrale.Web.Components.Controls;

/// <summary>The one way to tell someone that something was done, or was not. <see cref="ToastHost"/> shows them.</summary>
internal sealed class Toasts(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(6);

    private readonly List<Toast> _shown = [];
    private readonly List<ITimer> _timers = [];

    public event Action? Changed;

    public IReadOnlyList<Toast> Shown
    {
        get
        {
            // A timer's thread takes them away while the circuit's draws them.
            lock (_shown)
            {
                return [.. _shown];
            }
        }
    }

    public void Done(string title)
    {
        var toast = new Toast(title, null, Failed: false);
        Show(toast);
        _timers.Add(clock.CreateTimer(_ => Dismiss(toast), null, Lifetime, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Stays until it is dismissed: nobody should have to read a fault against the clock.</summary>
    public void Failed(string title, ApiProblem problem) => Show(new Toast(title, problem.Detail, Failed: true));

    public void Dismiss(Toast toast)
    {
        lock (_shown)
        {
            _shown.Remove(toast);
        }

        Changed?.Invoke();
    }

    public void Dispose() => _timers.ForEach(timer => timer.Dispose());

    private void Show(Toast toast)
    {
        lock (_shown)
        {
            _shown.Add(toast);
        }

        Changed?.Invoke();
    }
}

internal sealed record Toast(string Title, string? Detail, bool Failed);
