using System.Text;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox;

/// <summary><c>GET /</c>: what this is and how to drive it, as plain text for browser and curl alike.</summary>
internal static class StartPage
{
    public static void MapStartPage(this IEndpointRouteBuilder routes) => routes.MapGet("/", Show);

    private static IResult Show(HttpContext http)
    {
        var origin = $"{http.Request.Scheme}://{http.Request.Host}";
        var page = new StringBuilder($"""
            Aistrale sandbox: a free, scripted provider that speaks every wire format. Same request, same answer.

            Base URLs for SDKs (any key that begins with 'sandbox-' is accepted):
              OpenAI        {origin}/openai/v1
              Anthropic     {origin}/anthropic
              Gemini        {origin}/gemini
              Groq          {origin}/groq/openai/v1
              Hugging Face  {origin}/huggingface/v1
              custom        {origin}/custom/v1

            Try:
              curl {origin}/openai/v1/chat/completions -H 'Authorization: Bearer sandbox-demo' -H 'Content-Type: application/json' \
                -d '{"{"}"model":"gpt-4o-mini","messages":[{"{"}"role":"user","content":"Hello there"{"}"}]{"}"}'
              curl -N {origin}/anthropic/v1/messages -H 'x-api-key: sandbox-demo' -H 'anthropic-version: 2023-06-01' -H 'Content-Type: application/json' \
                -d '{"{"}"model":"claude-haiku-4-5","max_tokens":500,"stream":true,"messages":[{"{"}"role":"user","content":"Go on. sandbox:chunks=40,gap=50ms"{"}"}]{"}"}'
              curl {origin}/_sandbox/calls

            Directives stand in the model name or in the last user message: sandbox:name=value,name=value

            """);
        foreach (var directive in Directives.All)
        {
            page.Append("  ").Append(directive.Name.PadRight(16)).Append(directive.Effect).Append(". Values: ").Append(directive.Values).Append('\n');
        }

        return Results.Text(page.ToString(), "text/plain", Encoding.UTF8);
    }
}
