using System.Text.Json;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class ProblemExceptionHandlerTests
{
    private const string Canary = "sk-canary";

    public static TheoryData<Exception, int, string> Cases => new()
    {
        { new BadHttpRequestException(Canary, 413), 413, ErrorCodes.PayloadTooLarge },
        { new BadHttpRequestException(Canary, 415), 415, ErrorCodes.UnsupportedMediaType },
        { new BadHttpRequestException(Canary, 400), 400, ErrorCodes.ValidationFailed },
        { new BadHttpRequestException(Canary, 408), 408, ErrorCodes.ValidationFailed },
        { new BadHttpRequestException(Canary, 400, new JsonException(Canary, "$.name", 0, 3)), 400, ErrorCodes.ValidationFailed },
        { new SessionStoreUnavailableException(new TimeoutException(Canary)), 503, ErrorCodes.ServiceUnavailable },
        { new NpgsqlException(Canary), 503, ErrorCodes.ServiceUnavailable },
        { new PostgresException(Canary, "ERROR", "ERROR", PostgresErrorCodes.CharacterNotInRepertoire), 400, ErrorCodes.ValidationFailed },
        { new DbUpdateException(Canary, new PostgresException(Canary, "ERROR", "ERROR", PostgresErrorCodes.UntranslatableCharacter)), 400, ErrorCodes.ValidationFailed },
        { new PostgresException(Canary, "ERROR", "ERROR", PostgresErrorCodes.UndefinedTable), 500, ErrorCodes.Internal },
        { new InvalidOperationException(Canary), 500, ErrorCodes.Internal },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task Every_exception_becomes_one_clear_answer_that_repeats_nothing_of_it(Exception exception, int status, string code)
    {
        var (context, text) = await HandleAsync("/api/tokens", exception);

        var problem = JsonElement.Parse(text);
        Assert.Equal((status, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal((status, code), (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
        Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
        Assert.Equal(status == 503 ? "5" : "", context.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task Under_v1_the_answer_has_OpenAIs_shape()
    {
        var (context, text) = await HandleAsync("/v1/chat/completions", new BadHttpRequestException(Canary, 413));

        Assert.Equal((413, "application/json"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal("""{"error":{"message":"The request body is larger than this route accepts.","type":"invalid_request_error","param":null,"code":"payload_too_large"}}""", text);
    }

    [Fact]
    public async Task A_broken_document_is_explained_by_its_place()
    {
        var (_, text) = await HandleAsync("/api/keys", new BadHttpRequestException("x", 400, new JsonException("x", "$.name", 2, 3)));

        Assert.Equal("The body cannot be read: look at $.name, line 3. A member may be unknown, missing, given twice, or of another type.", JsonElement.Parse(text).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Nobody_is_answered_who_is_not_there_any_more()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var context = Context("/api/keys");
        context.RequestAborted = gone.Token;

        Assert.True(await Handler.TryHandleAsync(context, new OperationCanceledException(), TestContext.Current.CancellationToken));
        Assert.Equal(0, context.Response.Body.Length);
    }

    private static ProblemExceptionHandler Handler => new(NullLogger<ProblemExceptionHandler>.Instance);

    private static DefaultHttpContext Context(string path)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static async Task<(HttpContext Context, string Text)> HandleAsync(string path, Exception exception)
    {
        var context = Context(path);
        Assert.True(await Handler.TryHandleAsync(context, exception, TestContext.Current.CancellationToken));
        return (context, System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
    }
}
