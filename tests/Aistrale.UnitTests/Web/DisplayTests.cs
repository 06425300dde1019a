using Aistrale.Web.Display;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class DisplayTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 16, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "now")]
    [InlineData(-2, "now")]
    [InlineData(4, "now")]
    [InlineData(12, "12 s ago")]
    [InlineData(59, "59 s ago")]
    [InlineData(300, "5 min ago")]
    [InlineData(7_300, "2 h ago")]
    [InlineData(100_000, "yesterday")]
    [InlineData(500_000, "5 d ago")]
    [InlineData(8_640_000, "2026-08-15")]
    [InlineData(-90, "in 1 min")]
    [InlineData(-260_000, "in 3 d")]
    [InlineData(-63_072_000, "2028-11-22")]
    public void A_moment_is_told_by_its_distance(int secondsAgo, string expected) =>
        Assert.Equal(expected, TimeText.Relative(Now.AddSeconds(-secondsAgo), Now));

    [Fact]
    public void The_exact_moment_is_in_utc_whatever_zone_it_came_in() =>
        Assert.Equal("2026-11-23 16:00:05.123 UTC", TimeText.Exact(Now.AddMilliseconds(5_123).ToOffset(TimeSpan.FromHours(5.5))));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(-1d, "–")]
    [InlineData(0.85, "850 µs")]
    [InlineData(12.44, "12.4 ms")]
    [InlineData(99.96, "100 ms")]
    [InlineData(840.4, "840 ms")]
    [InlineData(999.7, "1.00 s")]
    [InlineData(3_214d, "3.21 s")]
    [InlineData(59_999d, "1 m 00 s")]
    [InlineData(125_000d, "2 m 05 s")]
    public void A_duration_is_told_in_the_unit_that_fits(double? milliseconds, string expected) =>
        Assert.Equal(expected, Duration.Text(milliseconds).Replace('\u00a0', ' '));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0L, "0")]
    [InlineData(9_999L, "9,999")]
    [InlineData(12_345L, "12.3K")]
    [InlineData(999_949L, "1000K")]
    [InlineData(1_400_000L, "1.4M")]
    [InlineData(2_340_000_000L, "2.34B")]
    public void A_count_is_shortened_when_it_is_long(long? count, string expected) => Assert.Equal(expected, Count.Short(count));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(128_000L, "128K")]
    [InlineData(131_072L, "128K")]
    [InlineData(200_000L, "200K")]
    [InlineData(16_384L, "16K")]
    [InlineData(1_048_576L, "1M")]
    [InlineData(1_000_000L, "1M")]
    [InlineData(512L, "512")]
    public void A_context_window_is_written_as_makers_do(long? tokens, string expected) => Assert.Equal(expected, Count.Window(tokens));

    [Theory]
    [InlineData(0d, "0%")]
    [InlineData(0.0004, "<0.1%")]
    [InlineData(0.0763, "7.6%")]
    [InlineData(1d, "100%")]
    [InlineData(5.1134, "511%")]
    public void A_share_that_is_not_none_never_looks_like_none(double ratio, string expected) => Assert.Equal(expected, Count.Percent(ratio));
}
