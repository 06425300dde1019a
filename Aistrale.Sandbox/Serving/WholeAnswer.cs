using Aistrale.Sandbox.Calls;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>Answers that leave in one piece: normal ones, errors, and the bodies that the <c>body</c> directive asks for.</summary>
internal static class WholeAnswer
{
    private static readonly byte[] Html = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>sandbox</center>\r\n</body>\r\n</html>\r\n"u8.ToArray();

    // Neither UTF-8 nor JSON.
    private static readonly byte[] Garbage = [0x7B, 0xFF, 0xFE, 0x00, 0x22, 0x80, 0x9C, 0x7D, 0x7D, 0x5B];

    public static async Task<CallOutcome> SendAsync(Exchange exchange, TimeProvider clock, bool faulty)
    {
        var (http, script, ct) = (exchange.Http, exchange.Script, exchange.Http.RequestAborted);
        if (script.Delay > TimeSpan.Zero)
        {
            await Task.Delay(script.Delay, clock, ct);
        }

        http.Response.ContentType = exchange.Wire.ContentType;
        if (exchange.Wire.Generates && exchange.Answer.Endless)
        {
            return await WhiteSpaceForeverAsync(http, script, clock, ct);
        }

        using var buffer = new PooledBuffer();
        exchange.Wire.WriteWhole(buffer, exchange);
        http.Response.ContentLength = buffer.Length;
        var body = buffer.Written;
        if (faulty && script.Die is Death.BeforeFirst or Death.MidStream)
        {
            if (script.Die == Death.MidStream)
            {
                await http.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], ct);
            }
            else
            {
                await http.Response.StartAsync(ct);
                await http.Response.BodyWriter.FlushAsync(ct);
            }

            return await Connection.ResetAsync(http, clock);
        }

        await http.Response.BodyWriter.WriteAsync(body, ct);
        if (exchange.Wire.Generates)
        {
            exchange.Call.AddTokens(exchange.Answer.Tokens * exchange.Ask.Choices);
        }

        exchange.Call.Reported = exchange.Wire.ReportsUsage ? exchange.Usage : null;
        return CallOutcome.Completed;
    }

    public static async Task<CallOutcome> RefuseAsync(Exchange exchange, Fault fault)
    {
        var response = exchange.Http.Response;
        response.StatusCode = fault.Status;
        response.ContentType = exchange.Provider.ErrorContentType;
        exchange.Provider.AddErrorHeaders(exchange, fault, response.Headers);
        using var buffer = new PooledBuffer();
        exchange.Provider.WriteError(buffer, exchange, fault);
        response.ContentLength = buffer.Length;
        await response.BodyWriter.WriteAsync(buffer.Written, exchange.Http.RequestAborted);
        return CallOutcome.Failed;
    }

    public static async Task<CallOutcome> TrickAsync(Exchange exchange, BodyTrick trick, TimeProvider clock)
    {
        var (http, ct) = (exchange.Http, exchange.Http.RequestAborted);
        if (exchange.Script.Delay > TimeSpan.Zero)
        {
            await Task.Delay(exchange.Script.Delay, clock, ct);
        }

        http.Response.StatusCode = exchange.Script.Fail ?? StatusCodes.Status200OK;
        http.Response.ContentType = trick == BodyTrick.Html ? "text/html" : exchange.Wire.ContentType;
        if (exchange.Script.RetryAfterS is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        using var buffer = new PooledBuffer();
        switch (trick)
        {
            case BodyTrick.Html:
                buffer.Raw(Html);
                break;
            case BodyTrick.Garbage:
                buffer.Raw(Garbage);
                break;
            case BodyTrick.Error200:
                exchange.Provider.WriteError(buffer, exchange, Fault.Scripted(exchange.Script.Fail ?? 503, exchange.Script.Code, null));
                break;
            case BodyTrick.Truncated:
                exchange.Wire.WriteWhole(buffer, exchange);
                break;
        }

        // "truncated" is JSON that ends half way while HTTP is in order: the length given is the length sent.
        var body = trick == BodyTrick.Truncated ? buffer.Written[..(buffer.Length / 2)] : buffer.Written;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, ct);
        return CallOutcome.Failed;
    }

    // Blanks are legal in front of JSON, so this answer never ends and is never wrong.
    private static async Task<CallOutcome> WhiteSpaceForeverAsync(HttpContext http, Script script, TimeProvider clock, CancellationToken ct)
    {
        var blanks = new byte[1024];
        blanks.AsSpan().Fill((byte)' ');
        var gap = script.Gap > TimeSpan.Zero ? script.Gap : TimeSpan.FromMilliseconds(10);
        while (true)
        {
            await http.Response.BodyWriter.WriteAsync(blanks, ct);
            await Task.Delay(gap, clock, ct);
        }
    }
}
