using System.Buffers;
using System.Text;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

/// <summary>
/// The router in front of many inference providers. Which of them served a call stands in the answer's
/// <c>x-inference-provider</c> header, streams included; the body does not say.
/// </summary>
internal sealed class HuggingFaceProvider : OpenAIShapedProvider
{
    private const string DefaultServer = "novita";

    private static readonly (string Id, int Context, (string Server, string Input, string Output)[] Servers)[] Known =
    [
        ("openai/gpt-oss-120b", 131072, [("novita", "0.05", "0.25"), ("together", "0.15", "0.6"), ("groq", "0.15", "0.75")]),
        ("meta-llama/Llama-3.3-70B-Instruct", 131072, [("novita", "0.135", "0.4"), ("together", "0.88", "0.88"), ("groq", "0.59", "0.79")]),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507", 262144, [("novita", "0.09", "0.58"), ("together", "0.2", "0.6")]),
    ];

    public override string Name => "huggingface";

    public override Fault MissingKey => new(StatusCodes.Status401Unauthorized, FaultKind.MissingKey, "Sign in first: no access token was sent.");

    public override Fault InvalidKey => new(StatusCodes.Status401Unauthorized, FaultKind.InvalidKey, "The access token is not valid. The sandbox takes any that begins with 'sandbox-'.");

    public override byte[] Models { get; } = Encoding.UTF8.GetBytes(
        "{\"object\":\"list\",\"data\":[" + string.Join(',', Known.Select(m => $$"""
        {"id":"{{m.Id}}","object":"model","created":1754320000,"owned_by":"{{m.Id.Split('/')[0]}}","architecture":{"input_modalities":["text"],"output_modalities":["text"]},"providers":[{{string.Join(',', m.Servers.Select(s => Server(m.Context, s)))}}]}
        """.Trim())) + "]}");

    public override Fault UnknownModel(Exchange exchange) =>
        Fault.Invalid($"The requested model '{exchange.Ask.Model}' does not exist.", "model", "model_not_found");

    /// <summary><c>org/name:provider</c>; the provider goes into a header, so only a plain word is taken.</summary>
    public override Fault? Check(Exchange exchange) => Suffix(exchange.Ask.Model) is { } suffix && !suffix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? Fault.Invalid("The provider after the colon of the model name is not one the router knows.", "model", "model_not_supported")
        : null;

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers)
    {
        headers["x-request-id"] = exchange.RequestId;
        if (Served(exchange) is { } server)
        {
            headers["x-inference-provider"] = server;
        }
    }

    public override void AddErrorHeaders(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
        if (fault.Kind == FaultKind.Scripted)
        {
            base.AddErrorHeaders(exchange, fault, headers);
        }
        else
        {
            // Refused by the router itself: nobody served it.
            headers["x-request-id"] = exchange.RequestId;
        }
    }

    /// <summary>Backing providers differ in their errors; the router's own come as a bare string.</summary>
    public override void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        if (fault.Status is 401 or 402 or 403 or >= 500 && fault.Kind != FaultKind.MidStream)
        {
            output.Raw("{\"error\":"u8);
            output.Text(fault.Message);
            output.Raw("}"u8);
            return;
        }

        base.WriteError(output, exchange, fault);
    }

    /// <summary>The model without <c>:provider</c> or a routing policy, as the answer names it.</summary>
    public static string WithoutSuffix(string model) => model.LastIndexOf(':') is var colon and > 0 ? model[..colon] : model;

    private static string? Suffix(string model) => model.LastIndexOf(':') is var colon and > 0 ? model[(colon + 1)..] : null;

    private static string? Served(Exchange exchange)
    {
        if (exchange.Script.Served is { } directed)
        {
            return directed == "none" ? null : directed;
        }

        var suffix = Suffix(exchange.Ask.Model);
        return suffix switch
        {
            null or "" or "preferred" or "cheapest" => DefaultServer,
            "fastest" => "groq",
            _ => suffix,
        };
    }

    private static string Server(int context, (string Name, string Input, string Output) server) => $$$"""
        {"provider":"{{{server.Name}}}","status":"live","context_length":{{{context}}},"pricing":{"input":{{{server.Input}}},"output":{{{server.Output}}}},"is_free":false,"supports_tools":true,"supports_structured_output":true,"first_token_latency_ms":400,"throughput":120.5,"is_model_author":false}
        """.Trim();
}
