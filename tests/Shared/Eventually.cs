using System.Diagnostics;

namespace Aistrale.Tests.Shared;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise, CancellationToken ct) =>
        TrueAsync(() => Task.FromResult(condition()), otherwise, ct);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s. {otherwise()}");
            }

            await Task.Delay(20, ct);
        }
    }
}
