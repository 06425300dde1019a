using Aistrale.LocalHost;
using Xunit;

namespace Aistrale.UnitTests.LocalHost;

public class HostSettingsTests
{
    [Fact]
    public void Ports_have_the_documented_defaults_and_follow_the_environment()
    {
        var defaults = Read();
        Assert.Equal([5080, 5081, 5082], defaults.ServicePorts);

        var changed = Read(("AISTRALE_WEB_PORT", "6080"), ("AISTRALE_API_PORT", "6081"), ("AISTRALE_SANDBOX_PORT", "6082"));
        Assert.Equal([6080, 6081, 6082], changed.ServicePorts);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("80 80")]
    public void A_port_that_is_none_is_refused_with_its_variable_and_value(string value)
    {
        var refusal = Assert.Throws<Refusal>(() => Read(("AISTRALE_WEB_PORT", value)));

        Assert.Equal(Refusal.Unusable, refusal.ExitCode);
        Assert.Contains("AISTRALE_WEB_PORT", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(value, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_port_twice_is_refused() =>
        Assert.Throws<Refusal>(() => Read(("AISTRALE_WEB_PORT", "6081"), ("AISTRALE_API_PORT", "6081")));

    [Theory]
    [InlineData("AISTRALE_ADMIN_EMAIL")]
    [InlineData("AISTRALE_ADMIN_PASSWORD")]
    public void Half_of_a_first_administrator_is_refused_without_repeating_it(string variable)
    {
        var refusal = Assert.Throws<Refusal>(() => Read((variable, "hunter2")));

        Assert.Contains("AISTRALE_ADMIN_EMAIL", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_data_folder_nothing_starts() =>
        Assert.Contains("AISTRALE_HOME", Assert.Throws<Refusal>(() => HostSettings.FromEnvironment(new Dictionary<string, string>())).Message, StringComparison.Ordinal);

    private static HostSettings Read(params (string Key, string Value)[] environment) =>
        HostSettings.FromEnvironment(environment.Append(("AISTRALE_HOME", "/srv/aistrale")).ToDictionary(entry => entry.Item1, entry => entry.Item2));
}
