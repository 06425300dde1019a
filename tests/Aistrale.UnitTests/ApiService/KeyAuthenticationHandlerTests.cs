using System.Text.Json;
using Aistrale.ApiService.Gateway;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Keys;
using Aistrale.Core.Users;
using Aistrale.UnitTests.Core.Data;
using Aistrale.UnitTests.Core.Encryption;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class KeyAuthenticationHandlerTests
{
    private readonly FakeTimeProvider _clock = new(Calls.Now);
    private readonly FakeDatabase _database = new();
    private readonly KeyDirectory _keys;
    private readonly UserDirectory _users;
    private readonly DefaultHttpContext _context = new();
    private readonly string _key = KeyFormat.Generate();

    public KeyAuthenticationHandlerTests()
    {
        _keys = new KeyDirectory(_database, KeyRings.WithKeys(), _clock);
        _users = new UserDirectory(_database);
        _users.Use([Owner(isActive: true)]);
        Load();
        _context.Request.Path = "/v1/chat/completions";
        _context.Response.Body = new MemoryStream();
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer  {0} ")]
    [InlineData("x-api-key", "{0}")]
    public async Task A_good_key_acts_for_its_owner(string header, string value)
    {
        _context.Request.Headers[header] = value.Replace("{0}", _key, StringComparison.Ordinal);

        var (handler, result) = await AuthenticateAsync();

        Assert.True(result.Succeeded);
        Assert.Equal(Calls.UserId.ToString(), Assert.Single(result.Principal.Claims).Value);
        var user = _context.Features.Get<CurrentUser>()!;
        Assert.Equal((Calls.UserId, Calls.KeyId), (user.Entry.Id, user.Key!.Id));
        Assert.NotNull(handler);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic abc")]
    [InlineData("Bearer ")]
    public async Task Without_a_key_the_answer_says_how_to_send_one(string authorization)
    {
        _context.Request.Headers.Authorization = authorization;

        await AssertRefusedAsync(401, ErrorCodes.InvalidApiKey, "You didn't provide an Aistrale key.");
    }

    [Fact]
    public async Task A_made_up_key_is_not_valid()
    {
        Send(KeyFormat.Generate());
        await AssertRefusedAsync(401, ErrorCodes.InvalidApiKey, "This Aistrale key is not valid.");
    }

    [Fact]
    public async Task A_revoked_key_says_so()
    {
        Load(revokedAt: Calls.Now);
        Send(_key);
        await AssertRefusedAsync(401, ErrorCodes.InvalidApiKey, "This Aistrale key has been revoked.");
    }

    [Fact]
    public async Task A_key_ends_at_the_instant_of_its_expiry()
    {
        Load(expiresAt: Calls.Now.AddSeconds(1));
        Send(_key);
        Assert.True((await AuthenticateAsync()).Result.Succeeded);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync(401, ErrorCodes.InvalidApiKey, "This Aistrale key has expired.");
    }

    [Fact]
    public async Task A_key_is_worth_nothing_without_an_active_owner()
    {
        Send(_key);
        _users.Use([Owner(isActive: false)]);
        await AssertRefusedAsync(401, ErrorCodes.InvalidApiKey, "The owner of this Aistrale key is no longer active.");

        _users.Use([]);
        _context.Response.Body = new MemoryStream();
        await AssertRefusedAsync(401, ErrorCodes.InvalidApiKey, "The owner of this Aistrale key is no longer active.");
    }

    [Fact]
    public async Task While_nobody_can_tell_the_answer_is_503_and_never_401()
    {
        Send(KeyFormat.Generate());
        _database.Failure = new NpgsqlException("down");

        await AssertRefusedAsync(503, ErrorCodes.ServiceUnavailable, "The key cannot be checked at this moment.");
        Assert.Equal("5", _context.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task Before_the_users_are_loaded_the_answer_is_503_and_never_401()
    {
        Send(_key);

        var (handler, result) = await AuthenticateAsync(new UserDirectory(_database));
        await handler.ChallengeAsync(null);

        Assert.False(result.Succeeded);
        Assert.Equal(503, _context.Response.StatusCode);
    }

    [Fact]
    public async Task Under_api_a_refusal_is_a_problem_document()
    {
        _context.Request.Path = "/api/telemetry/requests";
        Send(KeyFormat.Generate());
        var (handler, _) = await AuthenticateAsync();
        await handler.ChallengeAsync(null);

        Assert.Equal((401, "application/problem+json"), (_context.Response.StatusCode, _context.Response.ContentType));
        Assert.Equal(ErrorCodes.InvalidApiKey, Answer().GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_a_key_may_not_do_is_a_403()
    {
        Send(_key);
        var (handler, _) = await AuthenticateAsync();
        await handler.ForbidAsync(null);

        Assert.Equal(403, _context.Response.StatusCode);
        Assert.Equal(("permission_error", ErrorCodes.Forbidden), (Answer().GetProperty("error").GetProperty("type").GetString(), Answer().GetProperty("error").GetProperty("code").GetString()));
    }

    private static UserEntry Owner(bool isActive) => new(Calls.UserId, Calls.WorkspaceId, "ann@example.org", "Ann", Roles.User, isActive, 0, false, false);

    private void Send(string key) => _context.Request.Headers.Authorization = $"Bearer {key}";

    private void Load(DateTimeOffset? expiresAt = null, DateTimeOffset? revokedAt = null)
    {
        var (hash, pepperId) = _keys.Hash(_key);
        _keys.Use([new VirtualKey
        {
            Id = Calls.KeyId,
            WorkspaceId = Calls.WorkspaceId,
            OwnerId = Calls.UserId,
            Name = "test",
            Hash = hash,
            PepperId = pepperId,
            Hint = _key[^4..],
            Scopes = ["inference"],
            ExpiresAt = expiresAt,
            RevokedAt = revokedAt,
        }]);
    }

    private async Task AssertRefusedAsync(int status, string code, string begin)
    {
        var (handler, result) = await AuthenticateAsync();
        await handler.ChallengeAsync(null);

        Assert.False(result.Succeeded);
        Assert.Null(_context.Features.Get<CurrentUser>());
        var error = Answer().GetProperty("error");
        Assert.Equal((status, code), (_context.Response.StatusCode, error.GetProperty("code").GetString()));
        Assert.StartsWith(begin, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<(IAuthenticationHandler Handler, AuthenticateResult Result)> AuthenticateAsync() => AuthenticateAsync(_users);

    private async Task<(IAuthenticationHandler Handler, AuthenticateResult Result)> AuthenticateAsync(UserDirectory users)
    {
        _context.Features.Set<CurrentUser>(null);
        var options = new ServiceCollection().AddOptions().BuildServiceProvider().GetRequiredService<IOptionsMonitor<AuthenticationSchemeOptions>>();
        var handler = new KeyAuthenticationHandler(options, NullLoggerFactory.Instance, System.Text.Encodings.Web.UrlEncoder.Default, _keys, users, _clock);
        await handler.InitializeAsync(new AuthenticationScheme(Schemes.Key, displayName: null, typeof(KeyAuthenticationHandler)), _context);
        return (handler, await handler.AuthenticateAsync());
    }

    private JsonElement Answer() => JsonElement.Parse(((MemoryStream)_context.Response.Body).ToArray());
}
