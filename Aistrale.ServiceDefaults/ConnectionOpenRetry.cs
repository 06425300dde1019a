using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aistrale.ServiceDefaults;

/// <summary>
/// Tries again when a connection cannot be opened for a passing reason: a server that restarts, a pool that is full for a moment.
/// Short on purpose, so that a caller of a database that is really down hears so within a second.
/// </summary>
internal sealed class ConnectionOpenRetry : DbConnectionInterceptor
{
    public static readonly ConnectionOpenRetry Instance = new();

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (result.IsSuppressed)
        {
            return result;
        }

        foreach (var pause in Pauses)
        {
            try
            {
                await connection.OpenAsync(cancellationToken);
                return InterceptionResult.Suppress();
            }
            catch (DbException failure) when (failure.IsTransient)
            {
                await Task.Delay(pause, cancellationToken);
            }
        }

        // The last try is EF's own, so its failure is reported the usual way.
        return result;
    }
}
