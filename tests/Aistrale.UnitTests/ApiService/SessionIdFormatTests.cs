using System.Security.Claims;
using Aistrale.ApiService.Sessions;
using Microsoft.AspNetCore.Authentication;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class SessionIdFormatTests
{
    private readonly SessionIdFormat _format = new();

    [Fact]
    public void The_cookie_is_the_session_id_and_nothing_else()
    {
        var id = SessionIds.Create();

        var ticket = _format.Unprotect(id)!;

        Assert.Equal(id, _format.Protect(ticket));
        Assert.Equal(id, _format.Protect(ticket, "purpose"));
        Assert.Equal(id, Assert.Single(ticket.Principal.Claims).Value);
        Assert.Equal(id, Assert.Single(_format.Unprotect(id, "purpose")!.Principal.Claims).Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_session_id_opens_nothing(string? cookie) => Assert.Null(_format.Unprotect(cookie));

    [Fact]
    public void A_ticket_without_a_session_gives_an_empty_cookie() =>
        Assert.Equal("", _format.Protect(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("name", "ann")])), "Session")));

    [Fact]
    public void Session_ids_are_43_characters_of_base64url_unlike_each_other()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => SessionIds.Create()).ToArray();

        Assert.All(ids, id => Assert.Matches("^[A-Za-z0-9_-]{43}$", id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void The_key_in_Redis_does_not_tell_the_session_id()
    {
        var id = SessionIds.Create();

        Assert.Matches("^s:[0-9a-f]{64}$", SessionIds.RedisKey(id));
        Assert.Equal(SessionIds.RedisKey(id), SessionIds.RedisKey(id));
        Assert.NotEqual(SessionIds.RedisKey(id), SessionIds.RedisKey(SessionIds.Create()));
        Assert.DoesNotContain(id, SessionIds.RedisKey(id), StringComparison.OrdinalIgnoreCase);
    }
}
