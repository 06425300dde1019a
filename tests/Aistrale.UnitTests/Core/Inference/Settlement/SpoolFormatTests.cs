using System.Buffers;
using System.Text.Json;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Telemetry;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

public sealed class SpoolFormatTests
{
    [Fact]
    public void A_record_with_every_member_comes_back_as_it_was()
    {
        var written = UsageEvents.Full();
        var unset = typeof(UsageEvent).GetProperties().Where(property => property.GetValue(written) is null or 0 or 0L or false or "").Select(property => property.Name);
        Assert.Empty(unset);

        Assert.Equal(Describe(written), Describe(RoundTrip(written)));
    }

    [Fact]
    public void What_is_unknown_stays_unknown_and_zero_stays_zero()
    {
        var record = RoundTrip(UsageEvents.Create(1));
        Assert.Null(record.CostUsd);
        Assert.Null(record.InputTokens);
        Assert.Null(record.UserId);

        var free = RoundTrip(new UsageEvent { Source = "s", Dialect = "d", RequestedModel = "", Status = "ok", UsageQuality = "none", PriceRows = "[]", Attempts = "[]", CostUsd = 0m, InputTokens = 0 });
        Assert.Equal(0m, free.CostUsd);
        Assert.Equal(0, free.InputTokens);
        Assert.Equal("", free.RequestedModel);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_record_keeps_its_kind(int kind)
    {
        Assert.True(SpoolFormat.TryRead(Write((SpoolRecordKind)kind, UsageEvents.Create(1)), out var record, out _));
        Assert.Equal((SpoolRecordKind)kind, record.Kind);
    }

    [Fact]
    public void Records_follow_each_other_without_a_gap()
    {
        var buffer = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 3; i++)
        {
            SpoolFormat.Write(buffer, SpoolRecordKind.Finished, UsageEvents.Create(i));
        }

        var bytes = buffer.WrittenSpan;
        for (var i = 0; i < 3; i++)
        {
            Assert.True(SpoolFormat.TryRead(bytes, out var record, out var consumed));
            Assert.Equal(UsageEvents.Id(i), record.Usage.Id);
            bytes = bytes[consumed..];
        }

        Assert.True(bytes.IsEmpty);
    }

    [Fact]
    public void A_record_torn_at_any_byte_is_not_read()
    {
        var bytes = Write(SpoolRecordKind.Finished, UsageEvents.Full());

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(SpoolFormat.TryRead(bytes.AsSpan(0, length), out _, out var consumed), $"read at {length} of {bytes.Length} bytes");
            Assert.Equal(0, consumed);
        }
    }

    [Fact]
    public void A_single_bit_that_flipped_anywhere_is_noticed()
    {
        var bytes = Write(SpoolRecordKind.Finished, UsageEvents.Create(1));

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SpoolFormat.TryRead(damaged, out _, out _), $"bit {bit}");
        }
    }

    private static UsageEvent RoundTrip(UsageEvent usage)
    {
        var bytes = Write(SpoolRecordKind.Finished, usage);
        Assert.True(SpoolFormat.TryRead(bytes, out var record, out var consumed));
        Assert.Equal(bytes.Length, consumed);
        return record.Usage;
    }

    private static byte[] Write(SpoolRecordKind kind, UsageEvent usage)
    {
        var buffer = new ArrayBufferWriter<byte>();
        SpoolFormat.Write(buffer, kind, usage);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Describe(UsageEvent usage) => JsonSerializer.Serialize(usage);
}
