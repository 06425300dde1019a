using Aistrale.Worker.Commands;
using Xunit;

namespace Aistrale.UnitTests.Worker;

public class CreateUserArgumentsTests
{
    [Fact]
    public void Values_may_follow_a_space_or_an_equals_sign()
    {
        var arguments = CreateUserArguments.Parse(["--email=ada@example.org", "--role", "admin", "--display-name", "Ada = L.", "--password-stdin"], out var mistake);

        Assert.Null(mistake);
        Assert.Equal(new CreateUserArguments("ada@example.org", "admin", "Ada = L.", PasswordFromStdin: true), arguments);
    }

    [Theory]
    [InlineData("admin create-user needs --email.", "--role", "user")]
    [InlineData("admin create-user needs --role.", "--email", "ada@example.org")]
    [InlineData("--role must be admin, user or auditor.", "--email", "ada@example.org", "--role", "root")]
    [InlineData("--email: This is not an e-mail address: write it as name@example.org.", "--email", "ada", "--role", "user")]
    [InlineData("--email: This is not an e-mail address: write it as name@example.org.", "--email", "ada@example.org\nx", "--role", "user")]
    [InlineData("--role needs a value.", "--email", "ada@example.org", "--role")]
    [InlineData("--role is given twice.", "--role", "user", "--role", "admin")]
    [InlineData("admin create-user does not know \"--password\".", "--email", "ada@example.org", "--password", "x")]
    [InlineData("admin create-user does not know \"--password-stdin\".", "--password-stdin=yes")]
    public void A_mistake_is_named(string expected, params string[] words)
    {
        Assert.Null(CreateUserArguments.Parse(words, out var mistake));
        Assert.Equal(expected, mistake);
    }
}
