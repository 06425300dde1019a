using Aistrale.Core.Telemetry;

namespace Aistrale.Core.Inference.Settlement;

/// <summary>
/// Follows one spool, segment after segment, and tells which records are final, which calls are still open,
/// and which segments hold nothing any more that the database lacks.
/// </summary>
internal sealed class SpoolReader
{
    private readonly Dictionary<Guid, UsageEvent> _open = [];
    private readonly List<Position> _segments = [];

    /// <summary>Calls that were started and not finished, as their last progress mark left them.</summary>
    public IReadOnlyCollection<UsageEvent> Open => _open.Values;

    /// <summary>Bytes that had to be passed over: damage, or a tail that a crash of the host left torn.</summary>
    public long UnreadableBytes { get; private set; }

    /// <summary>Finished records not read before, at most about <paramref name="limit"/>; call <see cref="Commit"/> once they are safe.</summary>
    public List<UsageEvent> Read(IReadOnlyList<(string Path, long Length)> segments, int limit)
    {
        List<UsageEvent> finished = [];
        foreach (var (path, length) in segments)
        {
            var position = _segments.Find(segment => segment.Path == path);
            if (position is null)
            {
                _segments.Add(position = new Position(path));
            }

            if (position.Read < length && finished.Count < limit)
            {
                ReadSegment(position, length, limit, finished);
            }

            position.Ended = position.Read >= length;
        }

        return finished;
    }

    /// <summary>All that was read is in the database. Returns the segments that are no longer needed, oldest first.</summary>
    public IReadOnlyList<string> Commit()
    {
        // Only a prefix may go: a later segment can hold the progress of a call that an earlier one started.
        List<string> done = [];
        while (_segments.Count > 1 && _segments[0] is { Ended: true, OpenCalls: 0 } first)
        {
            done.Add(first.Path);
            _segments.RemoveAt(0);
        }

        return done;
    }

    private void ReadSegment(Position position, long length, int limit, List<UsageEvent> finished)
    {
        using var file = new FileStream(position.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = position.Read;
        var bytes = new byte[length - position.Read];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var offset = 0;
        while (finished.Count < limit && offset < read)
        {
            var rest = bytes.AsSpan(offset, read - offset);
            if (SpoolFormat.TryRead(rest, out var record, out var consumed))
            {
                Apply(record, position, finished);
            }
            else
            {
                // It must not hide the records behind it.
                consumed = SpoolFormat.SkipUnreadable(rest);
                UnreadableBytes += consumed;
            }

            offset += consumed;
        }

        position.Read += offset;
    }

    private void Apply(SpoolRecord record, Position position, List<UsageEvent> finished)
    {
        var id = record.Usage.Id;
        if (record.Kind == SpoolRecordKind.Finished)
        {
            finished.Add(record.Usage);
            if (_open.Remove(id) && _segments.Find(segment => segment.Started.Remove(id)) is { } startedIn)
            {
                startedIn.OpenCalls--;
            }

            return;
        }

        if (!_open.ContainsKey(id))
        {
            position.Started.Add(id);
            position.OpenCalls++;
        }

        _open[id] = record.Usage;
    }

    private sealed class Position(string path)
    {
        public string Path { get; } = path;
        public long Read { get; set; }
        public bool Ended { get; set; }
        public int OpenCalls { get; set; }
        public HashSet<Guid> Started { get; } = [];
    }
}
