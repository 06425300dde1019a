using Npgsql;

namespace Aistrale.Worker.Jobs;

/// <summary>Asks the database now and then whether it is there, for readiness; says once that it is gone and once that it is back.</summary>
internal sealed partial class DatabasePulse(NpgsqlDataSource database, TimeProvider clock, ILogger<DatabasePulse> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Long enough for a failover, during which a restart of this process would help nobody.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    private long _answeredAt;
    private bool _lost;

    public bool AnsweredLately => Interlocked.Read(ref _answeredAt) is var at and not 0 && clock.GetElapsedTime(at) <= Tolerance;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await AskAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AskAsync(CancellationToken ct)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(ct);
            Interlocked.Exchange(ref _answeredAt, clock.GetTimestamp());
            if (_lost)
            {
                _lost = false;
                LogBack();
            }
        }
        catch (Exception exception) when (exception is NpgsqlException || DatabaseGate.IsUnavailable(exception))
        {
            if (!_lost)
            {
                _lost = true;
                LogLost(exception.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer ({Reason}); jobs wait for it")]
    private partial void LogLost(string reason);

    [LoggerMessage(LogLevel.Information, "The database answers again")]
    private partial void LogBack();
}
