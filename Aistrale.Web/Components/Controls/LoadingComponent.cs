using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Controls;

/// <summary>A component that asks the API for something; its calls end when it goes away.</summary>
public abstract class LoadingComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    // Taken once: a call may still be under way when the source is disposed, and would fail on asking for its token.
    protected LoadingComponent() => Gone = _gone.Token;

    protected CancellationToken Gone { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gone.Cancel();
            _gone.Dispose();
        }
    }

    /// <summary>Runs the work; that it was cut short because nobody looks any more is no fault.</summary>
    protected async Task UnlessGoneAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page was left.
        }
    }
}
