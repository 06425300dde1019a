using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aistrale.Sandbox.Calls;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>Answers one call: record, authenticate, read, script, answer. The same for every provider and wire format.</summary>
internal sealed class Handler(CallLog log, TimeProvider clock)
{
    public RequestDelegate For(Provider provider, Wire wire, string route) => http => RunAsync(http, provider, wire, route, new Ask());

    public async Task RunAsync(HttpContext http, Provider provider, Wire wire, string route, Ask ask)
    {
        var call = log.Begin(http.Request, provider.Name, route);
        var outcome = CallOutcome.Cancelled;
        try
        {
            var exchange = new Exchange { Http = http, Provider = provider, Wire = wire, Ask = ask, Call = call, StartedAt = call.StartedAt };
            outcome = await AnswerAsync(exchange);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: nobody is left to answer.
        }
        finally
        {
            call.Status = http.Response.HasStarted || outcome is CallOutcome.Completed or CallOutcome.Failed ? http.Response.StatusCode : 0;
            log.End(call, outcome);
        }
    }

    private async Task<CallOutcome> AnswerAsync(Exchange exchange)
    {
        var http = exchange.Http;
        byte[] body;
        try
        {
            body = await ReadBodyAsync(http.Request, http.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return await RefuseAsync(exchange, new Fault(e.StatusCode, FaultKind.TooLarge, "The request body is larger than 64 MB."));
        }
        catch (IOException)
        {
            // The caller hung up before the body was complete.
            return CallOutcome.Cancelled;
        }

        Note(exchange, body);
        if (Authorize(exchange) is { } refused)
        {
            return await RefuseAsync(exchange, refused);
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return await RefuseAsync(exchange, Fault.Invalid("The body is not valid JSON."));
        }

        using (document)
        {
            return TryPrepare(exchange, document.RootElement) is { } fault ? await RefuseAsync(exchange, fault) : await PlayAsync(exchange);
        }
    }

    private static Fault? TryPrepare(Exchange exchange, JsonElement body)
    {
        try
        {
            var fault = Prepare(exchange, body);
            if (fault is null)
            {
                Count(exchange);
            }

            return fault;
        }
        catch (InvalidOperationException e) when (e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            // Strings are decoded late: bad UTF-8 and half surrogate pairs show up only now.
            return Fault.Invalid("The body is not valid JSON: a text in it is not valid Unicode.");
        }
    }

    private void Note(Exchange exchange, byte[] body)
    {
        var call = exchange.Call;
        call.BodySha256 = SHA256.HashData(body);
        call.BodyBytes = body.Length;
        call.Body = log.KeepsBodies ? body : null;
        exchange.Seed = Seed.From(call.BodySha256, call.Path);
    }

    /// <summary>The key itself is not kept: its last four characters and its hash are enough to tell which one came.</summary>
    public static Fault? Authorize(Exchange exchange)
    {
        if (exchange.Provider.ReadKey(exchange.Http.Request) is not { Length: > 0 } key)
        {
            return exchange.Provider.MissingKey;
        }

        exchange.Call.KeyLast4 = key.Length > 8 ? key[^4..] : null;
        exchange.Call.KeySha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return key.StartsWith("sandbox-", StringComparison.Ordinal) ? null : exchange.Provider.InvalidKey;
    }

    private static Fault? Prepare(Exchange exchange, JsonElement body)
    {
        var ask = exchange.Ask;
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Fault.Invalid("The body must be a JSON object.");
        }

        ask.Body = body;
        var fault = exchange.Wire.Read(body, ask);
        exchange.Call.Model = ask.Model;
        exchange.Call.Stream = ask.Stream;
        if (fault is not null)
        {
            return fault;
        }

        var problem = Directives.Read(ask.Model, ask.UserText, out var script);
        ask.Model = Directives.StripModel(ask.Model);
        if (problem is not null)
        {
            return Fault.Invalid(problem);
        }

        exchange.Script = script;
        if (ask.Model.Contains("unknown", StringComparison.OrdinalIgnoreCase))
        {
            return exchange.Provider.UnknownModel(exchange);
        }

        return exchange.Wire.Check(exchange) ?? exchange.Provider.Check(exchange);
    }

    private async Task<CallOutcome> PlayAsync(Exchange exchange)
    {
        var (script, http) = (exchange.Script, exchange.Http);
        var faulty = script.FailTimes is not { } times || log.CountRequest(exchange.Seed) <= times;
        if (script.First > TimeSpan.Zero)
        {
            await Task.Delay(script.First, clock, http.RequestAborted);
        }

        if (faulty && script.Die == Death.BeforeHeaders)
        {
            return await Connection.ResetAsync(http, clock);
        }

        if (faulty && script.Fail is { } status && script.Body == BodyTrick.None)
        {
            return await RefuseAsync(exchange, Fault.Scripted(status, script.Code, script.RetryAfterS));
        }

        if (faulty && script.Body != BodyTrick.None)
        {
            return await WholeAnswer.TrickAsync(exchange, script.Body, clock);
        }

        exchange.Provider.AddHeaders(exchange, http.Response.Headers);
        if (script.HeaderBytes > 0)
        {
            http.Response.Headers["x-sandbox-padding"] = new string('x', script.HeaderBytes);
        }

        if (!exchange.Ask.Stream || !exchange.Wire.Generates)
        {
            return await WholeAnswer.SendAsync(exchange, clock, faulty);
        }

        http.Response.ContentType = exchange.Wire.StreamContentType(exchange);
        http.Response.Headers.CacheControl = "no-cache";
        log.StreamOpened();
        try
        {
            return await new StreamRunner(exchange, clock, faulty).RunAsync();
        }
        finally
        {
            log.StreamClosed();
        }
    }

    private static void Count(Exchange exchange)
    {
        var (ask, script) = (exchange.Ask, exchange.Script);
        TokenUsage usage;
        if (exchange.Wire.Generates)
        {
            exchange.Answer = AnswerBuilder.Build(ask, script, exchange.Seed, exchange.Wire.Name);
            usage = exchange.Wire.Express(AnswerBuilder.Count(ask, script, exchange.Answer));
        }
        else
        {
            usage = new TokenUsage(script.InputTokens ?? ask.InputTokens, 0, 0, 0, 0, 0);
        }

        exchange.Call.Planned = usage;
        exchange.Usage = script.UsageOff ? null : usage;
    }

    private static Task<CallOutcome> RefuseAsync(Exchange exchange, Fault fault) => WholeAnswer.RefuseAsync(exchange, fault);

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is { } length and <= 1024 * 1024)
        {
            var body = new byte[length];
            await request.Body.ReadExactlyAsync(body, ct);
            return body;
        }

        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, ct);
        return buffer.ToArray();
    }
}
