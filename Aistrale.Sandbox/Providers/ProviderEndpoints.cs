using Aistrale.Sandbox.ChatCompletions;
using Aistrale.Sandbox.Embeddings;
using Aistrale.Sandbox.Gemini;
using Aistrale.Sandbox.Messages;
using Aistrale.Sandbox.Responses;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

/// <summary>Which provider serves which wire format at which address.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder routes)
    {
        var handler = routes.ServiceProvider.GetRequiredService<Handler>();
        var catalogue = routes.ServiceProvider.GetRequiredService<Catalogue>();

        var openai = new OpenAIProvider();
        routes.MapPost("/openai/v1/chat/completions", handler.For(openai, new ChatWire(ChatStyle.OpenAI), "chat/completions"));
        routes.MapPost("/openai/v1/responses", handler.For(openai, new ResponsesWire(), "responses"));
        routes.MapPost("/openai/v1/embeddings", handler.For(openai, new EmbeddingsWire(), "embeddings"));
        MapCatalogue(routes, catalogue, openai, "/openai", "/v1");

        var groq = new GroqProvider();
        routes.MapPost("/groq/openai/v1/chat/completions", handler.For(groq, new ChatWire(ChatStyle.Groq), "chat/completions"));
        routes.MapPost("/groq/openai/v1/responses", handler.For(groq, new ResponsesWire(), "responses"));
        MapCatalogue(routes, catalogue, groq, "/groq", "/openai/v1");

        var huggingFace = new HuggingFaceProvider();
        routes.MapPost("/huggingface/v1/chat/completions", handler.For(huggingFace, new ChatWire(ChatStyle.HuggingFace), "chat/completions"));
        MapCatalogue(routes, catalogue, huggingFace, "/huggingface", "/v1");

        var custom = new CustomProvider();
        routes.MapPost("/custom/v1/chat/completions", handler.For(custom, new ChatWire(ChatStyle.Custom), "chat/completions"));
        routes.MapPost("/custom/v1/embeddings", handler.For(custom, new EmbeddingsWire(), "embeddings"));
        MapCatalogue(routes, catalogue, custom, "/custom", "/v1");

        var anthropic = new AnthropicProvider();
        routes.MapPost("/anthropic/v1/messages", handler.For(anthropic, new MessagesWire(), "messages"));
        routes.MapPost("/anthropic/v1/messages/count_tokens", handler.For(anthropic, new CountTokensWire(), "messages/count_tokens"));
        MapCatalogue(routes, catalogue, anthropic, "/anthropic", "/v1");

        routes.MapGemini(handler, catalogue);
    }

    private static void MapCatalogue(IEndpointRouteBuilder routes, Catalogue catalogue, Provider provider, string root, string version)
    {
        routes.MapGet($"{root}{version}/models", catalogue.List(provider));
        routes.MapGet($"{root}{version}/models/{{**model}}", catalogue.One(provider));
        routes.Map($"{root}/{{**rest}}", catalogue.NotFound(provider));
    }
}
