using System.Buffers;
using Aistrale.Core.Inference.Settlement;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

/// <summary>What the drainer does with the folders around its own; none of it needs the database.</summary>
public sealed class UsageDrainerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly NpgsqlDataSource _nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
    private UsageSpool _spool = null!;
    private UsageDrainer _drainer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var options = Options.Create(new SpoolOptions { Path = _folder.Path });
        _spool = new UsageSpool(options, TimeProvider.System, NullLogger<UsageSpool>.Instance);
        _drainer = new UsageDrainer(_spool, new UsageWriter(_nowhere), options, TimeProvider.System, NullLogger<UsageDrainer>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _drainer.StopAsync(CancellationToken.None);
        _drainer.Dispose();
        _spool.Dispose();
        await _nowhere.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_orphan_is_adopted_whatever_else_lies_beside_it()
    {
        // Opening a folder as if it were the lock is refused as a missing right is: a volume's lost+found looks like this.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "lost+found", UsageSpool.LockName));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "no-spool"));
        Orphan("waits-for-the-database", Record(1));
        var empty = Orphan("empty", []);

        await _drainer.StartAsync(Ct);
        await UntilAsync(() => !Directory.Exists(empty));

        Assert.False(_drainer.ExecuteTask!.IsCompleted);
        Assert.True(Directory.Exists(Path.Combine(_folder.Path, "lost+found")));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "waits-for-the-database", "00000001.spool")));
    }

    [Fact]
    public async Task The_spool_of_a_living_process_is_left_alone()
    {
        using var other = new UsageSpool(Options.Create(new SpoolOptions { Path = _folder.Path }), TimeProvider.System, NullLogger<UsageSpool>.Instance);
        var empty = Orphan("empty", []);

        await _drainer.StartAsync(Ct);
        await UntilAsync(() => !Directory.Exists(empty));

        Assert.True(Directory.Exists(other.InstancePath));
        Assert.True(Directory.Exists(_spool.InstancePath));
    }

    [Fact]
    public async Task What_cannot_be_read_is_kept_for_a_person_and_not_adopted_again()
    {
        var damaged = Orphan("damaged", [1, 2, 3]);

        await _drainer.StartAsync(Ct);
        await UntilAsync(() => !File.Exists(Path.Combine(damaged, UsageSpool.LockName)));

        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(Path.Combine(damaged, "00000001.spool"), Ct));
    }

    private static byte[] Record(int number)
    {
        var buffer = new ArrayBufferWriter<byte>();
        SpoolFormat.Write(buffer, SpoolRecordKind.Finished, UsageEvents.Create(number));
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, Ct);
        }
    }

    private string Orphan(string name, byte[] segment)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;
        File.WriteAllText(Path.Combine(folder, UsageSpool.LockName), "");
        File.WriteAllBytes(Path.Combine(folder, "00000001.spool"), segment);
        return folder;
    }
}
