using Aistrale.Core.Telemetry;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Telemetry;

public sealed class UsageIdsTests
{
    [Fact]
    public void The_time_inside_an_id_is_the_time_that_it_was_made_at_to_the_millisecond() => Gen.Long[0, 253_402_300_799_999].Sample(milliseconds =>
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

        Assert.Equal(at, UsageIds.StartedAt(Guid.CreateVersion7(at)));
    });

    [Fact]
    public void Fractions_of_a_millisecond_are_cut_off_as_in_the_records_key()
    {
        var at = new DateTimeOffset(2026, 11, 23, 10, 0, 0, 123, 456, TimeSpan.Zero);

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 0, 0, 123, TimeSpan.Zero), UsageIds.StartedAt(Guid.CreateVersion7(at)));
    }

    // Anyone can ask for a record by an id of their own making.
    [Theory]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    [InlineData("e677d21f-dc00-7000-8000-000000000000")]
    [InlineData("019a0000-0000-4000-8000-000000000001")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void An_id_that_no_record_can_have_has_no_time(string id) => Assert.Null(UsageIds.StartedAt(new Guid(id)));
}
