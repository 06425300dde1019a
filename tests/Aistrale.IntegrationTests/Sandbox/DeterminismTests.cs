using Xunit;

namespace Aistrale.IntegrationTests.Sandbox;

public sealed class DeterminismTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    public static TheoryData<string> AllWires => [.. SandboxClient.Wires];

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task The_same_request_has_the_same_bytes_on_another_server(string wire)
    {
        await using var other = new SandboxFixture();
        await other.InitializeAsync();
        foreach (var stream in new[] { false, true })
        {
            var here = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Same? sandbox:reasoning=3", stream));
            var again = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "Same? sandbox:reasoning=3", stream));
            var there = await other.Client.SendAsync(SandboxClient.Ask(wire, "Same? sandbox:reasoning=3", stream));

            Assert.Equal(here.TimelessBody, again.TimelessBody);
            Assert.Equal(here.TimelessBody, there.TimelessBody);
        }
    }

    [Theory]
    [MemberData(nameof(AllWires))]
    public async Task Another_request_has_another_answer(string wire)
    {
        var one = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:chunks=20 one", stream: true));
        var two = await sandbox.Client.SendAsync(SandboxClient.Ask(wire, "sandbox:chunks=20 two", stream: true));

        Assert.NotEqual(SandboxClient.TextOf(wire, one.Body), SandboxClient.TextOf(wire, two.Body));
    }
}
