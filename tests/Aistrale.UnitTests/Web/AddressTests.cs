using Aistrale.Web.Components.Pages.Playground;
using Aistrale.Web.Components.Pages.Requests;
using Aistrale.Web.Sessions;
using Xunit;

namespace Aistrale.UnitTests.Web;

/// <summary>What the console reads from addresses and writes into them.</summary>
public sealed class AddressTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 16, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/requests?status=error", "/requests?status=error")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("requests", "/")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("/\t/elsewhere.example/", "/")]
    [InlineData("/login?returnUrl=/keys", "/")]
    public void Only_a_path_of_the_console_is_returned_to(string? url, string expected) => Assert.Equal(expected, LocalUrl.Safe(url));

    [Fact]
    public void A_preset_range_counts_back_from_now()
    {
        var filter = new RequestQuery(null, null, null, "24h", "2026-01-01T00:00", null).ToFilter(Now);

        Assert.Equal(Now.AddDays(-1), filter.From);
        Assert.Null(filter.To);
    }

    [Fact]
    public void A_custom_range_without_a_zone_is_utc()
    {
        var filter = new RequestQuery(null, null, null, RequestQuery.Custom, "2026-11-20T08:30", "2026-11-21T00:00:00+02:00").ToFilter(Now);

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.Zero), filter.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 22, 0, 0, TimeSpan.Zero), filter.To);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-45")]
    public void A_moment_that_cannot_be_read_filters_nothing(string from) =>
        Assert.Null(new RequestQuery(null, null, null, RequestQuery.Custom, from, null).ToFilter(Now).From);

    [Fact]
    public void Empty_filters_leave_a_clean_address() =>
        Assert.Equal("/requests", new RequestQuery("", " ", null, "", null, null).ToUrl("/requests"));

    [Fact]
    public void Run_settings_come_back_from_the_address_that_they_wrote()
    {
        var written = new RunSettings { Model = "openai/gpt-4o-mini", Temperature = "0.2", TopP = "0.9", MaxTokens = "500", Stop = "END,a&b", Seed = "-7" };
        var read = RunSettings.Read("http://localhost" + written.ToUrl());

        Assert.Equal(written.Model, read.Model);
        var parameters = read.Parse();
        Assert.NotNull(parameters);
        Assert.Equal(0.2, parameters.Temperature);
        Assert.Equal(0.9, parameters.TopP);
        Assert.Equal(500, parameters.MaxTokens);
        Assert.Equal(["END", "a&b"], parameters.Stop!);
        Assert.Equal(-7, parameters.Seed);
    }

    [Theory]
    [InlineData("temperature", "warm", nameof(RunSettings.Temperature))]
    [InlineData("temperature", "NaN", nameof(RunSettings.Temperature))]
    [InlineData("max_tokens", "0", nameof(RunSettings.MaxTokens))]
    [InlineData("max_tokens", "1.5", nameof(RunSettings.MaxTokens))]
    [InlineData("max_tokens", "99999999999", nameof(RunSettings.MaxTokens))]
    [InlineData("seed", "x", nameof(RunSettings.Seed))]
    public void A_parameter_that_cannot_be_sent_is_named(string name, string value, string field)
    {
        var settings = RunSettings.Read($"http://localhost/playground?{name}={value}");

        Assert.Null(settings.Parse());
        Assert.Contains(field, settings.Errors.Keys);
    }

    [Fact]
    public void Empty_parameters_leave_the_choice_to_the_provider()
    {
        var parameters = new RunSettings().Parse();

        Assert.Equal(new Aistrale.Contracts.InferenceParameters(), parameters);
    }
}
