using System.Buffers;
using Aistrale.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aistrale.Core.Inference.Settlement;

public sealed class SpoolOptions
{
    /// <summary>Folder for the spools of all instances on this machine or volume (<c>Spool:Path</c>).</summary>
    public string Path { get; set; } = "";

    /// <summary>A segment that has grown to this size is closed and the next one begun.</summary>
    public long SegmentBytes { get; set; } = 16 * 1024 * 1024;
}

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
    private readonly List<string> _segments = [];
    private readonly Timer _syncTimer;
    private Microsoft.Win32.SafeHandles.SafeFileHandle _segment;
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
                return [.. _segments.Select(path => (path, path == _segments[^1] ? _segmentLength : new FileInfo(path).Length))];
            }
        }
    }

    /// <summary>Returns when the record would survive a kill of this process.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public void Append(SpoolRecordKind kind, UsageEvent usage)
    {
        var buffer = Buffer.Value!;
        buffer.ResetWrittenCount();
        SpoolFormat.Write(buffer, kind, usage);
        lock (_appending)
        {
            if (_segmentLength >= _options.SegmentBytes)
            {
                _segment.Dispose();
                _segment = OpenNextSegment();
            }

            RandomAccess.Write(_segment, buffer.WrittenSpan, _segmentLength);
            _segmentLength += buffer.WrittenCount;
        }

        _unsynced = true;
    }

    /// <summary>Forgets a segment of which every record is in the database.</summary>
    public void Delete(string path)
    {
        lock (_appending)
        {
            if (path != _segments[^1] && _segments.Remove(path))
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

    private Microsoft.Win32.SafeHandles.SafeFileHandle OpenNextSegment()
    {
        var number = _segments.Count == 0 ? 1 : int.Parse(Path.GetFileNameWithoutExtension(_segments[^1]), System.Globalization.CultureInfo.InvariantCulture) + 1;
        var path = Path.Combine(InstancePath, $"{number:D8}.spool");
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _segments.Add(path);
        _segmentLength = 0;
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

    [LoggerMessage(LogLevel.Error, "The usage spool could not be flushed to disk: {Reason}")]
    private partial void LogSyncFailed(string reason);
}
