using System.Globalization;
using Aistrale.Web.Display;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", "$0")]
    [InlineData("1234.5", "$1,234.50")]
    [InlineData("2.6549", "$2.65")]
    [InlineData("0.0174", "$0.0174")]
    [InlineData("0.3", "$0.3000")]
    [InlineData("0.00021", "$0.00021")]
    [InlineData("0.004", "$0.0040")]
    [InlineData("0.0000046", "$0.0000046")]
    [InlineData("0.000000000001", "$0.000000000001")]
    [InlineData("-0.02", "−$0.0200")]
    public void A_cost_has_the_digits_that_matter(string usd, string expected) =>
        Assert.Equal(expected, Money.Text(decimal.Parse(usd, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_cost_that_is_not_nothing_never_looks_like_nothing() =>
        Gen.Long[1, 10_000_000_000_000].Sample(trillionths =>
            Assert.Contains(Money.Text(trillionths / 1_000_000_000_000m), digit => digit is >= '1' and <= '9'));

    [Fact]
    public void What_is_shown_is_within_five_percent_of_the_cost() =>
        Gen.Long[100, 10_000_000_000_000].Sample(trillionths =>
        {
            var usd = trillionths / 1_000_000_000_000m;
            var shown = decimal.Parse(Money.Text(usd)[1..], CultureInfo.InvariantCulture);
            Assert.True(Math.Abs(shown - usd) <= usd / 20, $"{usd} is shown as {shown}");
        });

    [Fact]
    public void An_unknown_cost_is_a_dash_and_not_zero() => Assert.Equal("–", Money.Text(null));

    [Fact]
    public void The_exact_cost_has_every_digit_that_was_given() => Assert.Equal("$0.000000123456", Money.Exact(0.000000123456m));

    [Theory]
    [InlineData("0.15", "$0.15")]
    [InlineData("2.5", "$2.50")]
    [InlineData("0.075", "$0.075")]
    [InlineData("15", "$15.00")]
    public void A_price_per_million_tokens_is_written_as_makers_do(string usd, string expected) =>
        Assert.Equal(expected, Money.PerMillion(decimal.Parse(usd, CultureInfo.InvariantCulture)));
}
