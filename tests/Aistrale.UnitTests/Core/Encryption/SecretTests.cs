using System.Text.Json;
using Aistrale.Core.Encryption;
using Xunit;

namespace Aistrale.UnitTests.Core.Encryption;

public sealed class SecretTests
{
    [Fact]
    public void A_secret_shows_itself_to_nobody_who_does_not_ask()
    {
        var secret = new Secret("sk-canary");

        Assert.Equal("***", $"{secret}");
        Assert.Equal("***", secret.ToString());
        Assert.Equal("{}", JsonSerializer.Serialize(secret));
        Assert.Equal("sk-canary", secret.Reveal());
    }
}
