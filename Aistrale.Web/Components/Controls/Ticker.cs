namespace Aistrale.Web.Components.Controls;

/// <summary>One clock per circuit for everything that says "5 min ago".</summary>
internal sealed class Ticker(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private Action? _ticked;
    private ITimer? _timer;

    public event Action Ticked
    {
        add
        {
            _ticked += value;
            _timer ??= clock.CreateTimer(_ => _ticked?.Invoke(), null, Interval, Interval);
        }
        remove => _ticked -= value;
    }

    public void Dispose() => _timer?.Dispose();
}
