using System.Net;
using Aistrale.ApiService.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class HttpAnswerBodyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Kestrel refuses such a header with an exception, which would turn a paid answer into a 500.
    [Theory]
    [InlineData("gpt-4o:mini/x", "gpt-4o:mini/x")]
    [InlineData("modèle", "mod%C3%A8le")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("👋", "%F0%9F%91%8B")]
    [InlineData("a\0b\u007f", "a%00b%7F")]
    public async Task A_header_value_that_HTTP_cannot_carry_is_percent_encoded(string value, string expected)
    {
        using var response = await AnswerAsync(body =>
        {
            body.SetHeader("x-aistrale-model", value);
            body.Start(200, "application/json", 2);
            return body.Output.WriteAsync("{}"u8.ToArray(), Ct).AsTask();
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, Assert.Single(response.Headers.GetValues("x-aistrale-model")));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_stream_asks_proxies_not_to_collect_it_and_has_no_length()
    {
        using var response = await AnswerAsync(async body =>
        {
            Assert.False(body.HasStarted);
            body.Start(200, "text/event-stream");
            Assert.True(body.HasStarted);
            await body.Output.WriteAsync("data: 1\n\n"u8.ToArray(), Ct);
        });

        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal("data: 1\n\n", await response.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<HttpResponseMessage> AnswerAsync(Func<HttpAnswerBody, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(context => answer(new HttpAnswerBody(context)));
        await app.StartAsync(Ct);
        using var http = new HttpClient();
        return await http.GetAsync(new Uri(app.Urls.Single()), Ct);
    }
}
