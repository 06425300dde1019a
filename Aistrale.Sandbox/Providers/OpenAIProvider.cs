using System.Text;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

internal sealed class OpenAIProvider : OpenAIShapedProvider
{
    private static readonly string[] Known =
    [
        "gpt-6-astra", "gpt-6-sol", "gpt-6-luna", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano",
        "gpt-5.3-codex", "gpt-5.2", "gpt-5.1", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4o-mini",
        "o3", "o4-mini", "text-embedding-3-large", "text-embedding-3-small",
    ];

    public override string Name => "openai";

    public override byte[] Models { get; } = Encoding.UTF8.GetBytes(
        "{\"object\":\"list\",\"data\":[" + string.Join(',', Known.Select(id => $$"""{"id":"{{id}}","object":"model","created":1721172741,"owned_by":"system"}""")) + "]}");

    public override Fault UnknownModel(Exchange exchange) => exchange.Wire is Responses.ResponsesWire
        ? Fault.Invalid($"The requested model '{exchange.Ask.Model}' does not exist.", "model", "model_not_found")
        : base.UnknownModel(exchange);

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers)
    {
        headers["x-request-id"] = exchange.RequestId;
        headers["openai-organization"] = "sandbox";
        headers["openai-version"] = "2020-10-01";
        headers["openai-processing-ms"] = "12";
        headers["x-ratelimit-limit-requests"] = "10000";
        headers["x-ratelimit-limit-tokens"] = "2000000";
        headers["x-ratelimit-remaining-requests"] = "9999";
        headers["x-ratelimit-remaining-tokens"] = "1999000";
        headers["x-ratelimit-reset-requests"] = "6ms";
        headers["x-ratelimit-reset-tokens"] = "30ms";
    }

    public override void AddErrorHeaders(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
        base.AddErrorHeaders(exchange, fault, headers);
        if (fault.Status == StatusCodes.Status429TooManyRequests)
        {
            headers["x-ratelimit-remaining-requests"] = "0";
            headers["x-ratelimit-reset-requests"] = fault.RetryAfterS is { } seconds ? $"{seconds}s" : "1s";
        }
    }

    /// <summary>The tier that served the call: what was asked for, unless the caller left the choice to the project's setting.</summary>
    public static string Tier(Ask ask, Script script) => script.Tier ?? (ask.ServiceTier is null or "auto" ? "default" : ask.ServiceTier);
}
