using Aistrale.Worker.Commands.Doctor;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Aistrale.UnitTests.Worker;

public class OriginCheckTests
{
    [Theory]
    [InlineData("", FindingStatus.Ok)]
    [InlineData("http://localhost:5080", FindingStatus.Ok)]
    [InlineData("http://127.0.0.1:5080", FindingStatus.Ok)]
    [InlineData("http://[::1]:5080", FindingStatus.Ok)]
    [InlineData("https://console.example.org", FindingStatus.Ok)]
    [InlineData("http://console.example.org", FindingStatus.Fail)]
    [InlineData("http://10.0.0.7:5080", FindingStatus.Fail)]
    [InlineData("http://localhost.example.org", FindingStatus.Fail)]
    [InlineData("https://console.example.org/path", FindingStatus.Fail)]
    [InlineData("https://user@console.example.org", FindingStatus.Fail)]
    [InlineData("ftp://console.example.org", FindingStatus.Fail)]
    [InlineData("console.example.org", FindingStatus.Fail)]
    public void Plain_http_is_for_this_machine_only(string origins, object expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AISTRALE_PUBLIC_ORIGINS", origins)]).Build();

        Assert.Equal(expected, Assert.Single(OriginCheck.Run(configuration)).Status);
    }
}
