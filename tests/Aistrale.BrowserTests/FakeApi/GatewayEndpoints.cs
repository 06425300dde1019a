using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Aistrale.BrowserTests.FakeApi;

/// <summary>Just enough of /v1 to show that the console passes it on untouched.</summary>
internal static class GatewayEndpoints
{
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        // Sends one event, then waits until the test has seen it.
        routes.MapPost("/v1/chat/completions", async (HttpContext context, FakeState state) =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var number = 0; number < 3; number++)
            {
                await context.Response.WriteAsync($"data: {{\"number\":{number}}}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await state.EventSeen.WaitAsync(context.RequestAborted);
            }
        });
        routes.MapPost("/v1/embeddings", async (HttpContext context) =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            var buffer = new byte[64 * 1024];
            long length = 0;
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
            {
                length += read;
            }

            return Results.Ok(length);
        });
    }
}
