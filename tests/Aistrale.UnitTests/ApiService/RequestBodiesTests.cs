using Aistrale.ApiService.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class RequestBodiesTests
{
    private readonly MemoryStream _body = new([.. "{\"model\":\"m\"}"u8]);
    private readonly Limit _limit = new();
    private readonly DefaultHttpContext _context = new();

    public RequestBodiesTests()
    {
        _context.Request.Body = _body;
        _context.Features.Set<IHttpMaxRequestBodySizeFeature>(_limit);
    }

    [Fact]
    public async Task A_body_is_read_whole() => Assert.Equal(_body.ToArray(), (await RequestBodies.ReadAsync(_context)).ToArray());

    // A client that sends everything before it reads anything would otherwise see a broken connection and no reason.
    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_taken_in_before_it_is_refused()
    {
        _context.Request.ContentLength = RequestBodies.MaxBytes + 1;

        await AssertRefusedAsync();
        Assert.Equal(_body.Length, _body.Position);
        Assert.True(_limit.MaxRequestBodySize > RequestBodies.MaxBytes);
    }

    [Fact]
    public async Task A_body_beyond_all_measure_is_refused_unread()
    {
        _context.Request.ContentLength = RequestBodies.MaxBytes * 100;

        await AssertRefusedAsync();
        Assert.Equal(0, _body.Position);
    }

    private async Task AssertRefusedAsync() =>
        Assert.Equal(413, (await Assert.ThrowsAsync<BadHttpRequestException>(() => RequestBodies.ReadAsync(_context))).StatusCode);

    private sealed class Limit : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => false;

        public long? MaxRequestBodySize { get; set; } = RequestBodies.MaxBytes;
    }
}
