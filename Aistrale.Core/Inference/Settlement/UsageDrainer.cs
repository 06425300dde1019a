using Aistrale.Core.Data;
using Aistrale.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aistrale.Core.Inference.Settlement;

/// <summary>Carries usage records from the spool into PostgreSQL: its own, and those of a process that is gone, whose lock it can take.</summary>
internal sealed partial class UsageDrainer(
    UsageSpool spool,
    UsageWriter writer,
    IOptions<SpoolOptions> options,
    TimeProvider clock,
    ILogger<UsageDrainer> logger) : BackgroundService
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AdoptionInterval = TimeSpan.FromSeconds(5);
    private readonly SpoolReader _reader = new();
    private List<UsageEvent> _pending = [];
    private long _unreadableBytes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var nextAdoption = clock.GetTimestamp();
        try
        {
            do
            {
                await GuardAsync(DrainAsync, stoppingToken);
                if (clock.GetElapsedTime(nextAdoption) >= TimeSpan.Zero)
                {
                    nextAdoption = clock.GetTimestamp() + (long)(AdoptionInterval.TotalSeconds * clock.TimestampFrequency);
                    await GuardAsync(AdoptOrphansAsync, stoppingToken);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host has drained its requests by now; carry over what they left.
            await GuardAsync(DrainAsync, CancellationToken.None);
        }
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        do
        {
            if (_pending.Count == 0)
            {
                _pending = _reader.Read(spool.Segments, BatchSize);
                if (_reader.UnreadableBytes > _unreadableBytes)
                {
                    _unreadableBytes = _reader.UnreadableBytes;
                    LogUnreadable(spool.InstancePath, _unreadableBytes);
                }
            }

            await writer.WriteAsync(_pending, ct);
            foreach (var path in _pending.Count < BatchSize ? _reader.Commit() : [])
            {
                spool.Delete(path);
            }
        }
        while (TakePending() == BatchSize);
    }

    private int TakePending()
    {
        var count = _pending.Count;
        _pending = [];
        return count;
    }

    private async Task AdoptOrphansAsync(CancellationToken ct)
    {
        foreach (var folder in Directory.EnumerateDirectories(options.Value.Path))
        {
            if (folder == spool.InstancePath || TryLock(folder) is not { } held)
            {
                continue;
            }

            await using (held)
            {
                // One folder that cannot be read must not keep the others waiting.
                await GuardAsync(token => AdoptAsync(folder, token), ct);
            }
        }
    }

    private async Task AdoptAsync(string folder, CancellationToken ct)
    {
        var reader = new SpoolReader();
        List<(string Path, long Length)> segments = [.. Directory.EnumerateFiles(folder, UsageSpool.SegmentPattern).Order(StringComparer.Ordinal).Select(path => (path, new FileInfo(path).Length))];
        List<UsageEvent> finished;
        var written = 0;
        do
        {
            finished = reader.Read(segments, BatchSize);
            written += await writer.WriteAsync(finished, ct);
        }
        while (finished.Count >= BatchSize);

        // Their process died: each stays as its last mark left it, interrupted and estimated.
        List<UsageEvent> interrupted = [.. reader.Open];
        written += await writer.WriteAsync(interrupted, ct);
        if (reader.UnreadableBytes == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            // What cannot be read is kept for a person to look at; without its lock nobody adopts it again.
            File.Delete(Path.Combine(folder, UsageSpool.LockName));
            LogUnreadable(folder, reader.UnreadableBytes);
        }

        LogAdopted(written, interrupted.Count);
    }

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, UsageSpool.LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process holds it or has just finished with it; or it is no spool, such as a volume's lost+found.
            return null;
        }
    }

    private async Task GuardAsync(Func<CancellationToken, Task> step, CancellationToken ct)
    {
        try
        {
            await step(ct);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            LogWaiting(exception.GetType().Name);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // Whatever it is, an exception out of here would stop the whole service, and the records are safe where they are.
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "Adopted the usage spool of an instance that is gone: {Records} record(s), {Interrupted} of them interrupted calls")]
    private partial void LogAdopted(int records, int interrupted);

    [LoggerMessage(LogLevel.Error, "{Bytes} byte(s) of the usage spool in {Folder} cannot be read")]
    private partial void LogUnreadable(string folder, long bytes);

    [LoggerMessage(LogLevel.Warning, "PostgreSQL does not answer ({Reason}); usage records wait in the spool")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Error, "Usage records could not be carried into PostgreSQL; they stay in the spool")]
    private partial void LogFailed(Exception exception);
}
