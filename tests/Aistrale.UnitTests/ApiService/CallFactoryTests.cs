using Aistrale.ApiService.Gateway;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Telemetry;
using Aistrale.Core.Users;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class CallFactoryTests
{
    private readonly FakeTimeProvider _clock = new(Calls.Now.AddTicks(1_234_567));
    private readonly DefaultHttpContext _context = new();
    private readonly CurrentUser _user = new(new UserEntry(Calls.UserId, Calls.WorkspaceId, "ann@example.org", "Ann", Roles.User, true, 0, false, false), Calls.Key());

    [Fact]
    public void The_records_time_is_the_one_inside_its_id()
    {
        var call = Create();

        Assert.Equal(call.StartedAt, UsageIds.StartedAt(call.Id));
        Assert.Equal(7, call.Id.Version);
        Assert.Equal(call.Id.ToString(), RequestIds.Of(_context));
        Assert.Equal((Calls.WorkspaceId, Calls.UserId, Calls.KeyId), (call.Caller.WorkspaceId, call.Caller.UserId, call.Caller.Key!.Id));
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-API-Key")]
    [InlineData("x-goog-api-key")]
    [InlineData("api-key")]
    [InlineData("Cookie")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Host")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("Content-Encoding")]
    [InlineData("Accept-Encoding")]
    [InlineData("Origin")]
    [InlineData("Referer")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("Sec-Fetch-Site")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("baggage")]
    [InlineData("x-request-id")]
    [InlineData("Idempotency-Key")]
    [InlineData("x-aistrale-prompt")]
    public void Credentials_hop_by_hop_headers_and_what_is_addressed_to_us_end_here(string name)
    {
        _context.Request.Headers[name] = "value";

        Assert.Empty(Create().Headers);
    }

    [Theory]
    [InlineData("User-Agent", "sdk/1.0")]
    [InlineData("OpenAI-Organization", "org-1")]
    [InlineData("anthropic-beta", "a,b")]
    [InlineData("x-stainless-lang", "js")]
    [InlineData("X-Title", "My app")]
    public void Other_headers_are_for_the_provider(string name, string value)
    {
        _context.Request.Headers[name] = value;

        Assert.Equal([new(name, value)], Create().Headers);
    }

    // HTTP has no way to carry it on, and the call must not fail for the sake of an ornament.
    [Theory]
    [InlineData("Café")]
    [InlineData("👋")]
    [InlineData("a\u007f")]
    public void A_header_that_is_not_ASCII_is_left_out(string value)
    {
        _context.Request.Headers["X-Title"] = value;
        _context.Request.Headers["X-Other"] = "fine";

        Assert.Equal([new("X-Other", "fine")], Create().Headers);
    }

    [Fact]
    public void A_header_that_the_connection_header_names_ends_here_too()
    {
        _context.Request.Headers.Connection = "keep-alive, X-Hop";
        _context.Request.Headers["x-hop"] = "1";
        _context.Request.Headers["x-keep"] = "1";

        Assert.Equal([new("x-keep", "1")], Create().Headers);
    }

    [Fact]
    public void Nothing_of_a_browsers_headers_goes_to_a_provider()
    {
        _context.Request.Headers.UserAgent = "browser";

        Assert.Empty(Create(CallSources.Console).Headers);
    }

    private InferenceCall Create(string source = CallSources.Gateway) => new CallFactory(_clock).Create(_context, _user, Calls.Chat("m", stream: false), source);
}
