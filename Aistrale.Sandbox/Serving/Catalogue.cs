using Aistrale.Sandbox.Calls;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>Model lists, single models, and the provider's own 404 for everything it does not serve.</summary>
internal sealed class Catalogue(CallLog log)
{
    private static readonly ModelsWire Plain = new();

    public RequestDelegate List(Provider provider) => http => AnswerAsync(http, provider, "models", exchange =>
    {
        provider.AddHeaders(exchange, http.Response.Headers);
        return (provider.Models, null);
    });

    public RequestDelegate One(Provider provider) => http => AnswerAsync(http, provider, "model", exchange =>
    {
        // An escaped slash stays escaped in a route value, and SDKs escape the slash of "org/model".
        exchange.Ask.Model = Uri.UnescapeDataString(http.Request.RouteValues["model"] as string ?? "");
        exchange.Call.Model = exchange.Ask.Model;
        return ModelsWire.Find(provider, exchange.Ask.Model) is { } model ? (model, null) : (null, provider.UnknownModel(exchange));
    });

    public RequestDelegate NotFound(Provider provider) => http => AnswerAsync(http, provider, "unknown", exchange =>
        (null, new Fault(StatusCodes.Status404NotFound, FaultKind.UnknownRoute, $"There is no {http.Request.Method} {http.Request.Path} here. Check the address.")));

    private async Task AnswerAsync(HttpContext http, Provider provider, string route, Func<Exchange, (byte[]? Body, Fault? Fault)> answer)
    {
        var call = log.Begin(http.Request, provider.Name, route);
        var outcome = CallOutcome.Cancelled;
        try
        {
            var exchange = new Exchange { Http = http, Provider = provider, Wire = Plain, Ask = new Ask(), Call = call, StartedAt = call.StartedAt, Seed = Seed.From(new byte[8], call.Path) };
            var (body, fault) = Handler.Authorize(exchange) is { } refused ? (null, refused) : answer(exchange);
            if (fault is not null)
            {
                outcome = await WholeAnswer.RefuseAsync(exchange, fault);
                return;
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body!.Length;
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
            outcome = CallOutcome.Completed;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up.
        }
        finally
        {
            call.Status = outcome == CallOutcome.Cancelled ? 0 : http.Response.StatusCode;
            log.End(call, outcome);
        }
    }
}
