using System.Buffers;
using Aistrale.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace Aistrale.Core.Inference.Settlement;

public sealed class SpoolOptions
{
    /// <summary>Folder for the spools of all instances on this machine or volume (<c>Spool:Path</c>).</summary>
    public string Path { get; set; } = "";

    /// <summary>A segment that has grown to this size is closed and the next one begun.</summary>
    public long SegmentBytes { get; set; } = 16 * 1024 * 1024;
}

/// <summary>The spool did not take a usage record: the disk is full or gone, or the process is stopping. Not an IOException, which would be taken for a provider's.</summary>
internal sealed class UsageNotRecordedException(Exception cause) : Exception("The usage spool cannot be written.", cause);

/// <summary>
/// The usage records of this process on local disk, before PostgreSQL has them. A record is written before the call goes out and again before
/// its last byte goes back, so that a killed process leaves what it knew. Each process has a folder of its own, held by a file lock:
/// <c>{path}/{instance}/{lock, 00000001.spool, ...}</c>.
/// </summary>
internal sealed partial class UsageSpool : IDisposable
{
    public const string LockName = "lock";
    public const string SegmentPattern = "*.spool";

    private static readonly ThreadLocal<ArrayBufferWriter<byte>> Buffer = new(() => new ArrayBufferWriter<byte>(2048));

    private readonly SpoolOptions _options;
    private readonly ILogger<UsageSpool> _logger;
    private readonly FileStream _lock;
    private readonly Lock _appending = new();
    private readonly List<(string Path, long Length)> _closed = [];
    private readonly Timer _syncTimer;
    private SafeFileHandle _segment;
    private string _segmentPath = "";
    private int _segmentNumber;
    private long _segmentLength;
    private volatile bool _unsynced;

    public UsageSpool(IOptions<SpoolOptions> options, TimeProvider clock, ILogger<UsageSpool> logger)
    {
        _options = options.Value;
        _logger = logger;
        InstancePath = Path.Combine(_options.Path, Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"));
        Directory.CreateDirectory(InstancePath);
        _lock = new FileStream(Path.Combine(InstancePath, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _segment = OpenNextSegment();

        // A record survives the process at once; this is for the host: at most 10 ms of records are not on the disk yet.
        _syncTimer = new Timer(_ => Sync(), null, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
    }

    /// <summary>This process's own folder.</summary>
    public string InstancePath { get; }

    /// <summary>Closed and open segments in order, with how many bytes of each are whole records.</summary>
    public IReadOnlyList<(string Path, long Length)> Segments
    {
        get
        {
            lock (_appending)
            {
                return [.. _closed, (_segmentPath, _segmentLength)];
            }
        }
    }

    /// <summary>Returns when the record would survive a kill of this process.</summary>
    /// <exception cref="UsageNotRecordedException">The disk is full or gone.</exception>
    public void Append(SpoolRecordKind kind, UsageEvent usage)
    {
        var buffer = Buffer.Value!;
        buffer.ResetWrittenCount();
        SpoolFormat.Write(buffer, kind, usage);
        try
        {
            lock (_appending)
            {
                if (_segmentLength >= _options.SegmentBytes)
                {
                    CloseSegment();
                }

                // A write that fails half way is written over by the next one.
                RandomAccess.Write(_segment, buffer.WrittenSpan, _segmentLength);
                _segmentLength += buffer.WrittenCount;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            LogAppendFailed(exception.Message);
            throw new UsageNotRecordedException(exception);
        }

        _unsynced = true;
    }

    /// <summary>Forgets a segment of which every record is in the database.</summary>
    public void Delete(string path)
    {
        lock (_appending)
        {
            if (_closed.RemoveAll(segment => segment.Path == path) > 0)
            {
                File.Delete(path);
            }
        }
    }

    public void Dispose()
    {
        _syncTimer.Dispose();
        Sync();
        _segment.Dispose();
        _lock.Dispose();
    }

    private void CloseSegment()
    {
        // The timer looks at the segment that is being written, so this one would never be synced.
        Sync();
        var (closed, path, length) = (_segment, _segmentPath, _segmentLength);
        _segment = OpenNextSegment();
        _closed.Add((path, length));
        closed.Dispose();
    }

    private SafeFileHandle OpenNextSegment()
    {
        var path = Path.Combine(InstancePath, $"{_segmentNumber + 1:D8}.spool");
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        (_segmentPath, _segmentLength) = (path, 0);
        _segmentNumber++;
        return handle;
    }

    private void Sync()
    {
        if (!_unsynced)
        {
            return;
        }

        _unsynced = false;
        try
        {
            RandomAccess.FlushToDisk(_segment);
        }
        catch (ObjectDisposedException)
        {
            // The segment was closed meanwhile; its successor is synced on the next tick.
        }
        catch (IOException exception)
        {
            LogSyncFailed(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "A usage record could not be written to the spool: {Reason}")]
    private partial void LogAppendFailed(string reason);

    [LoggerMessage(LogLevel.Error, "The usage spool could not be flushed to disk: {Reason}")]
    private partial void LogSyncFailed(string reason);
}
