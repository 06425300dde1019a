using Aistrale.ApiService.Http;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class RequestIdsTests
{
    private readonly DefaultHttpContext _context = new() { TraceIdentifier = "trace-1" };

    [Fact]
    public void A_request_that_brings_an_id_keeps_it()
    {
        _context.Request.Headers["x-request-id"] = "my-id_1/~!";
        RequestIds.SetCall(_context, Calls.Id);

        Assert.Equal("my-id_1/~!", RequestIds.Of(_context));
    }

    [Fact]
    public void A_call_without_one_answers_with_its_own_and_any_other_request_with_its_trace_identifier()
    {
        Assert.Equal("trace-1", RequestIds.Of(_context));
        RequestIds.SetCall(_context, Calls.Id);
        Assert.Equal(Calls.Id.ToString(), RequestIds.Of(_context));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\r\nset-cookie: x=y")]
    [InlineData("é")]
    [InlineData("a\u007f")]
    public void An_id_that_could_harm_a_header_or_a_log_is_not_repeated(string id)
    {
        _context.Request.Headers["x-request-id"] = id;

        Assert.Equal("trace-1", RequestIds.Of(_context));
    }

    [Fact]
    public void An_id_of_128_characters_is_kept_and_a_longer_one_is_not()
    {
        _context.Request.Headers["x-request-id"] = new string('a', 128);
        Assert.Equal(128, RequestIds.Of(_context).Length);

        _context.Request.Headers["x-request-id"] = new string('a', 129);
        Assert.Equal("trace-1", RequestIds.Of(_context));
    }

    [Fact]
    public void Two_ids_are_none()
    {
        _context.Request.Headers["x-request-id"] = new(["one", "two words"]);

        Assert.Equal("trace-1", RequestIds.Of(_context));
    }
}
