using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Gemini;

internal static class GeminiEndpoints
{
    private static readonly GeminiWire Generate = new();
    private static readonly GeminiCountTokensWire Count = new();
    private static readonly GeminiEmbeddingsWire Embed = new(batch: false);
    private static readonly GeminiEmbeddingsWire EmbedBatch = new(batch: true);

    public static void MapGemini(this IEndpointRouteBuilder routes, Handler handler, Catalogue catalogue)
    {
        var provider = new GeminiProvider();
        routes.MapGet("/gemini/v1beta/models", catalogue.List(provider));
        routes.MapGet("/gemini/v1beta/models/{**model}", catalogue.One(provider));
        routes.MapPost("/gemini/v1beta/models/{**call}", http => CallAsync(http, handler, provider, catalogue));
        routes.Map("/gemini/{**rest}", catalogue.NotFound(provider));
    }

    /// <summary>The last segment names model and method: <c>gemini-2.5-flash:streamGenerateContent</c>.</summary>
    private static Task CallAsync(HttpContext http, Handler handler, Provider provider, Catalogue catalogue)
    {
        var call = Uri.UnescapeDataString(http.Request.RouteValues["call"] as string ?? "");
        var colon = call.LastIndexOf(':');
        var (model, method) = colon < 0 ? (call, "") : (call[..colon], call[(colon + 1)..]);
        var ask = new Ask { Model = model, Stream = method == "streamGenerateContent" };
        return method switch
        {
            "generateContent" or "streamGenerateContent" => handler.RunAsync(http, provider, Generate, method, ask),
            "countTokens" => handler.RunAsync(http, provider, Count, method, ask),
            "embedContent" => handler.RunAsync(http, provider, Embed, method, ask),
            "batchEmbedContents" => handler.RunAsync(http, provider, EmbedBatch, method, ask),
            _ => catalogue.NotFound(provider)(http),
        };
    }
}
