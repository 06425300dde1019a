using System.Buffers;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Settlement;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

public sealed class SpoolReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _paths = [];
    private readonly SpoolReader _reader = new();

    private List<(string Path, long Length)> Segments => _paths.ConvertAll(path => (path, new FileInfo(path).Length));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_record_is_given_once()
    {
        Segment(Finished(1), Finished(2));

        Assert.Equal([UsageEvents.Id(1), UsageEvents.Id(2)], Read());
        Assert.Empty(Read());
    }

    [Fact]
    public void Records_that_come_later_are_found_from_where_reading_stopped()
    {
        Segment(Finished(1));
        Read();
        Append(Finished(2));

        Assert.Equal([UsageEvents.Id(2)], Read());
    }

    [Fact]
    public void Of_an_open_call_the_last_mark_counts()
    {
        Segment(Started(1), Progress(1, 5), Progress(1, 17));
        Read();
        Append(Progress(1, 23));
        Read();

        Assert.Equal(23, Assert.Single(_reader.Open).OutputTokens);
    }

    [Fact]
    public void A_call_that_finished_is_not_open_any_more()
    {
        Segment(Started(1), Started(2), Progress(1, 5), Finished(1));
        Read();

        Assert.Equal([UsageEvents.Id(2)], _reader.Open.Select(usage => usage.Id));
    }

    [Fact]
    public void A_batch_stops_at_its_limit_and_the_next_one_goes_on()
    {
        Segment(Finished(1), Finished(2), Finished(3));
        Segment(Finished(4), Finished(5));

        Assert.Equal([UsageEvents.Id(1), UsageEvents.Id(2)], Read(limit: 2));
        Assert.Equal([UsageEvents.Id(3), UsageEvents.Id(4)], Read(limit: 2));
        Assert.Equal([UsageEvents.Id(5)], Read(limit: 2));
    }

    [Fact]
    public void Segments_that_were_read_to_their_end_may_go_except_the_newest()
    {
        Segment(Finished(1));
        Segment(Finished(2));
        Segment(Finished(3));
        Read();

        Assert.Equal(_paths[..2], _reader.Commit());
        Assert.Empty(_reader.Commit());
    }

    [Fact]
    public void A_segment_that_was_not_read_to_its_end_stays_and_holds_back_those_behind_it()
    {
        Segment(Finished(1), Finished(2));
        Segment(Finished(3));
        Segment();
        Read(limit: 1);

        Assert.Empty(_reader.Commit());
        Read();
        Assert.Equal(_paths[..2], _reader.Commit());
    }

    [Fact]
    public void An_open_call_holds_the_segment_that_it_started_in_and_all_behind_it()
    {
        Segment(Started(1), Finished(9));
        Segment(Progress(1, 5), Finished(8));
        Segment();
        Read();
        Assert.Empty(_reader.Commit());

        Append(Finished(1));
        Read();
        Assert.Equal(_paths[..2], _reader.Commit());
    }

    [Fact]
    public void A_tail_torn_at_any_byte_costs_only_the_record_that_it_belongs_to()
    {
        var whole = Bytes(Finished(1));
        var torn = Bytes(Finished(2));
        for (var length = 0; length < torn.Length; length++)
        {
            var path = Path.Combine(_folder.Path, $"torn-{length}");
            File.WriteAllBytes(path, [.. whole, .. torn.AsSpan(0, length)]);
            var reader = new SpoolReader();

            Assert.Equal([UsageEvents.Id(1)], reader.Read([(path, new FileInfo(path).Length)], 10).Select(usage => usage.Id));
            Assert.Equal(length, reader.UnreadableBytes);
        }
    }

    [Fact]
    public void A_damaged_record_does_not_hide_those_behind_it()
    {
        var damaged = Bytes(Finished(2));
        damaged[damaged.Length / 2] ^= 0x10;
        var path = Path.Combine(_folder.Path, "damaged");
        File.WriteAllBytes(path, [.. Bytes(Finished(1)), .. damaged, .. Bytes(Finished(3))]);
        _paths.Add(path);

        Assert.Equal([UsageEvents.Id(1), UsageEvents.Id(3)], Read());
        Assert.Equal(damaged.Length, _reader.UnreadableBytes);
        Segment(Finished(4));
        Read();
        Assert.Equal([path], _reader.Commit());
    }

    private static (SpoolRecordKind Kind, int Id, long? Output) Started(int id) => (SpoolRecordKind.Started, id, null);

    private static (SpoolRecordKind Kind, int Id, long? Output) Progress(int id, long output) => (SpoolRecordKind.Progress, id, output);

    private static (SpoolRecordKind Kind, int Id, long? Output) Finished(int id) => (SpoolRecordKind.Finished, id, 1);

    private static byte[] Bytes(params (SpoolRecordKind Kind, int Id, long? Output)[] records)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var (kind, id, output) in records)
        {
            SpoolFormat.Write(buffer, kind, UsageEvents.Create(id, kind == SpoolRecordKind.Finished ? UsageStatuses.Ok : UsageStatuses.Interrupted, output));
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void Segment(params (SpoolRecordKind Kind, int Id, long? Output)[] records)
    {
        _paths.Add(Path.Combine(_folder.Path, $"{_paths.Count + 1:D8}.spool"));
        Append(records);
    }

    private void Append(params (SpoolRecordKind Kind, int Id, long? Output)[] records) => File.AppendAllBytes(_paths[^1], Bytes(records));

    private Guid[] Read(int limit = 1_000) => [.. _reader.Read(Segments, limit).Select(usage => usage.Id)];
}
