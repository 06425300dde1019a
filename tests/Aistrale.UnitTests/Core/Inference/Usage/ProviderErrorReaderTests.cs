using System.Text;
using Aistrale.Core.Inference.Usage;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Usage;

public sealed class ProviderErrorReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"error":{"message":"No such model.","type":"invalid_request_error","param":"model","code":"model_not_found"}}""", "invalid_request_error", "model_not_found", "model", "No such model.")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}""", "overloaded_error", null, null, "Overloaded")]
    [InlineData("""{"error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1","type":"error"}""", "overloaded_error", null, null, "Overloaded")]
    [InlineData("""{"error":{"code":400,"message":"Bad field.","status":"INVALID_ARGUMENT","details":[{"@type":"x","fieldViolations":[{"field":"contents"}]}]}}""", "INVALID_ARGUMENT", "INVALID_ARGUMENT", null, "Bad field.")]
    [InlineData("""[{"error":{"code":400,"message":"Bad field.","status":"INVALID_ARGUMENT"}}]""", "INVALID_ARGUMENT", "INVALID_ARGUMENT", null, "Bad field.")]
    [InlineData("""{"error":{"message":"No vtt.","type":"invalid_request_error","code":"unsupported","failed_generation":"x"}}""", "invalid_request_error", "unsupported", null, "No vtt.")]
    [InlineData("""{"error":"Model is overloaded"}""", null, null, null, "Model is overloaded")]
    [InlineData("""{"error":"Input validation error","error_type":"validation"}""", "validation", null, null, "Input validation error")]
    [InlineData("""{"error":["first","second"]}""", null, null, null, "first")]
    [InlineData("""{"object":"error","message":"Bad.","type":"BadRequestError","param":null,"code":400}""", "BadRequestError", null, null, "Bad.")]
    [InlineData("""{"error":{"message":"Odd.","code":1042}}""", null, "1042", null, "Odd.")]
    [InlineData("""{"detail":"Not Found"}""", null, null, null, "Not Found")]
    [InlineData("""{"detail":[{"loc":["body","model"],"msg":"field required","type":"missing"}]}""", "missing", null, null, "field required")]
    [InlineData("""{"error":true,"message":"Odd proxy."}""", null, null, null, "Odd proxy.")]
    [InlineData("""{"error":{"error":{"message":"Wrapped twice.","type":"t","code":"c"}}}""", "t", "c", null, "Wrapped twice.")]
    [InlineData("""{"error":true}""", null, null, null, null)]
    public void Every_known_shape_is_read(string body, string? type, string? code, string? param, string? message)
    {
        var error = Read(body);

        Assert.True(error.IsParsed);
        Assert.Equal((429, type, code, param, message), (error.Status, error.Type, error.Code, error.Param, error.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("<html><body>502 Bad Gateway</body></html>")]
    [InlineData("upstream connect error")]
    [InlineData("{\"error\":{\"message\":\"cut of")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"ok\":false}")]
    [InlineData("{\"error\":null}")]
    [InlineData("\"just text\"")]
    public void What_is_no_known_shape_passes_nothing_on(string body)
    {
        var error = Read(body);

        Assert.False(error.IsParsed);
        Assert.Equal((429, null, null, null, null), (error.Status, error.Type, error.Code, error.Param, error.Message));
    }

    [Fact]
    public void A_page_is_not_an_error_body() =>
        Assert.False(Read($$"""{"error":"{{new string('x', ProviderErrorReader.MaxBodyBytes)}}"}""").IsParsed);

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-Ab1_cd-EF2345. See the site.", "Incorrect API key provided: [redacted] See the site.")]
    [InlineData("bad sk-ant-api03-AbCd_Ef-12", "bad [redacted]")]
    [InlineData("Incorrect API key provided: sk-****************abcd", "Incorrect API key provided: [redacted]")]
    [InlineData("API key AIzaSyA-1234_567890abcdefghijk not valid", "API key [redacted] not valid")]
    [InlineData("key gsk_AbCdEf123456, hf_AbCdEfGhIjKl; ais_AbCd1234efgh", "key [redacted], [redacted]; [redacted]")]
    [InlineData("header 'Authorization: Bearer eyJhbGciOi.abc.def' refused", "header 'Authorization: [redacted]' refused")]
    [InlineData("GET https://x.test/v1beta/models?key=secret-value&alt=sse", "GET https://x.test/v1beta/models?key=[redacted]&alt=sse")]
    [InlineData("risk-assessment task-force sk-1 use hf_hub", "risk-assessment task-force sk-1 use hf_hub")]
    public void Whatever_has_the_shape_of_a_key_is_taken_out(string message, string expected)
    {
        var body = $$$"""{"error":{"message":"{{{message}}}","type":"t"}}""";

        Assert.Equal(expected, Read(body).Message);
        Assert.Equal(expected, Reading.Body("chat", body).InBandError!.Message);
    }

    [Fact]
    public void A_key_hidden_in_escapes_or_in_the_code_is_taken_out_too()
    {
        var error = Read("""{"error":{"message":"\u0073\u006b-live-abcdef123456","code":"bad_key sk-live-abcdef123456","param":"sk-live-abcdef123456"}}""");

        Assert.Equal(("[redacted]", "bad_key [redacted]", "[redacted]"), (error.Message, error.Code, error.Param));
    }

    [Fact]
    public void A_message_passes_up_to_one_kilobyte()
    {
        Assert.Equal(1024, Read($$$"""{"error":{"message":"{{{new string('x', 1024)}}}","type":"t"}}""").Message!.Length);

        var tooLong = Read($$$"""{"error":{"message":"{{{new string('x', 1025)}}}","type":"t"}}""");
        Assert.Null(tooLong.Message);
        Assert.True(tooLong.IsParsed);
        Assert.Equal("t", tooLong.Type);
    }

    [Theory]
    [InlineData("17", null, 17.0)]
    [InlineData("0.5", null, 0.5)]
    [InlineData("Mon, 23 Nov 2026 12:00:30 GMT", null, 30.0)]
    [InlineData("Mon, 23 Nov 2026 11:00:00 GMT", null, 0.0)]
    [InlineData("20", "1500", 1.5)]
    [InlineData("-3", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("99999999999", null, null)]
    [InlineData(null, null, null)]
    public void Retry_after_is_read_in_seconds(string? header, string? milliseconds, double? expected)
    {
        Assert.Equal(expected, ProviderErrorReader.Read(429, new ProviderErrorHeaders(header, milliseconds), "{\"error\":\"x\"}"u8, Now).RetryAfterSeconds);
        Assert.Equal(expected, ProviderErrorReader.Read(503, new ProviderErrorHeaders(header, milliseconds), "<html>"u8, Now).RetryAfterSeconds);
    }

    [Theory]
    [InlineData("17s", 17.0)]
    [InlineData("0.847655010s", 0.84765501)]
    [InlineData("later", null)]
    public void Gemini_keeps_the_delay_in_the_body(string delay, double? expected)
    {
        var body = $$$"""{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"t/google.rpc.QuotaFailure","violations":[]},{"@type":"t/google.rpc.RetryInfo","retryDelay":"{{{delay}}}"}]}}""";

        Assert.Equal(expected, Read(body).RetryAfterSeconds);
    }

    [Fact]
    public void The_header_wins_over_the_body() =>
        Assert.Equal(2, ProviderErrorReader.Read(429, new ProviderErrorHeaders("2"), """{"error":{"details":[{"retryDelay":"17s"}],"status":"RESOURCE_EXHAUSTED"}}"""u8, Now).RetryAfterSeconds);

    [Theory]
    [InlineData("""{"error":{"message":"x","code":503}}""", 503)]
    [InlineData("""{"error":{"message":"x","code":"insufficient_quota","type":"invalid_request_error"}}""", 429)]
    [InlineData("""{"error":{"message":"x","type":"authentication_error"}}""", 401)]
    [InlineData("""{"error":{"message":"x","http_status_code":402}}""", 402)]
    [InlineData("""{"error":{"message":"x","code":42}}""", 502)]
    [InlineData("""{"error":"overloaded"}""", 502)]
    [InlineData("""{"error":true}""", 502)]
    [InlineData("""{"object":"error","message":"x","type":"BadRequestError","code":400}""", 400)]
    [InlineData("""[{"error":{"code":404,"message":"x","status":"NOT_FOUND"}}]""", 404)]
    public void A_200_whose_body_is_an_error_gets_the_status_that_it_means(string body, int status)
    {
        var seen = Reading.Body("chat", body);

        Assert.Equal(status, seen.InBandError!.Status);
        Assert.False(seen.SawTerminalEvent);
        Assert.Null(seen.InputTokens);
    }

    [Theory]
    [InlineData("chat", """{"id":"c","error":null,"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData("chat", """{"id":"c","error":"","choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData("chat", """{"id":"c","error":false,"message":"fine","choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData("responses", """{"id":"c","error":null,"status":"completed","output":[]}""")]
    public void An_answer_that_only_mentions_error_is_none(string dialect, string body) => Assert.Null(Reading.Body(dialect, body).InBandError);

    [Fact]
    public void The_served_provider_is_read_from_the_routers_header()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("x-inference-provider", "Novita");
        response.Headers.TryAddWithoutValidation("Retry-After", "7");
        var seen = new UpstreamObservation();

        UpstreamHeaders.Read(response.Headers, seen);

        Assert.Equal("novita", seen.ServedBy);
        Assert.Equal("7", UpstreamHeaders.ForError(response.Headers).RetryAfter);
    }

    private static UpstreamError Read(string body) => ProviderErrorReader.Read(429, default, Encoding.UTF8.GetBytes(body), Now);
}
