using Aistrale.Core.Inference.Settlement;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

public sealed class UsageSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_record_is_in_the_file_when_append_returns()
    {
        using var spool = Open();

        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(1));

        var (path, length) = Assert.Single(spool.Segments);
        Assert.Equal(length, new FileInfo(path).Length);
        Assert.Equal([UsageEvents.Id(1)], new SpoolReader().Read(spool.Segments, 10).Select(usage => usage.Id));
    }

    [Fact]
    public void A_full_segment_is_closed_and_the_next_one_begun()
    {
        using var spool = Open(segmentBytes: 1);

        for (var i = 1; i <= 3; i++)
        {
            spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(i));
        }

        Assert.Equal(["00000001.spool", "00000002.spool", "00000003.spool"], spool.Segments.Select(segment => Path.GetFileName(segment.Path)));
        Assert.All(spool.Segments, segment => Assert.Equal(segment.Length, new FileInfo(segment.Path).Length));
        Assert.Equal(3, new SpoolReader().Read(spool.Segments, 10).Count);
    }

    [Fact]
    public void The_segment_that_is_being_written_cannot_be_deleted_and_the_others_can()
    {
        using var spool = Open(segmentBytes: 1);
        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(1));
        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(2));
        var paths = spool.Segments.Select(segment => segment.Path).ToArray();

        spool.Delete(paths[1]);
        spool.Delete(paths[0]);
        spool.Delete(paths[0]);

        Assert.Equal([paths[1]], spool.Segments.Select(segment => segment.Path));
        Assert.False(File.Exists(paths[0]));
        Assert.True(File.Exists(paths[1]));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_and_mix_nothing()
    {
        using var spool = Open(segmentBytes: 20_000);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    spool.Append(SpoolRecordKind.Finished, UsageEvents.Create((writer * 100) + i));
                }
            },
            TestContext.Current.CancellationToken)));

        var read = new SpoolReader().Read(spool.Segments, int.MaxValue);
        Assert.True(spool.Segments.Count > 3);
        Assert.Equal(Enumerable.Range(0, 800).Select(UsageEvents.Id), read.Select(usage => usage.Id).Order());
    }

    [Fact]
    public void Each_process_has_a_folder_of_its_own_whose_lock_nobody_else_can_take()
    {
        using var one = Open();
        using var other = Open();
        var lockPath = Path.Combine(one.InstancePath, UsageSpool.LockName);

        Assert.NotEqual(one.InstancePath, other.InstancePath);
        Assert.Throws<IOException>(() => new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose());
    }

    [Fact]
    public void A_spool_that_is_closed_leaves_its_records_and_gives_up_its_lock()
    {
        string path;
        using (var spool = Open())
        {
            path = spool.InstancePath;
            spool.Append(SpoolRecordKind.Started, UsageEvents.Create(1));
        }

        using var held = new FileStream(Path.Combine(path, UsageSpool.LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.NotEqual(0, new FileInfo(Path.Combine(path, "00000001.spool")).Length);
    }

    [Fact]
    public void A_disk_that_refuses_a_segment_is_reported_each_time_until_it_takes_one_again()
    {
        using var spool = Open(segmentBytes: 1);
        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(1));
        var obstacle = Path.Combine(spool.InstancePath, "00000002.spool");
        File.WriteAllText(obstacle, "");

        Assert.Throws<UsageNotRecordedException>(() => spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(2)));
        Assert.Throws<UsageNotRecordedException>(() => spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(3)));
        File.Delete(obstacle);
        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(4));

        Assert.Equal([UsageEvents.Id(1), UsageEvents.Id(4)], new SpoolReader().Read(spool.Segments, 10).Select(usage => usage.Id));
    }

    // A write that a full disk cut short leaves half a record behind the last whole one.
    [Fact]
    public void What_a_failed_write_left_behind_a_closed_segment_is_not_part_of_it()
    {
        using var spool = Open(segmentBytes: 1);
        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(1));
        using (var torn = new FileStream(spool.Segments[0].Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            torn.Write([1, 2, 3]);
        }

        spool.Append(SpoolRecordKind.Finished, UsageEvents.Create(2));
        var reader = new SpoolReader();

        Assert.Equal(2, reader.Read(spool.Segments, 10).Count);
        Assert.Equal([spool.Segments[0].Path], reader.Commit());
    }

    private UsageSpool Open(long segmentBytes = 16 * 1024 * 1024) =>
        new(Options.Create(new SpoolOptions { Path = _folder.Path, SegmentBytes = segmentBytes }), TimeProvider.System, NullLogger<UsageSpool>.Instance);
}
