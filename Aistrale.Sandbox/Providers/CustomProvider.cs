using System.Buffers;
using System.Text;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

/// <summary>A self-hosted model server: errors as vLLM writes them, with a number as code, and hardly any headers.</summary>
internal sealed class CustomProvider : OpenAIShapedProvider
{
    private static readonly string[] Known = ["sandbox-small", "sandbox-large", "sandbox-embedding"];

    public override string Name => "custom";

    public override byte[] Models { get; } = Encoding.UTF8.GetBytes(
        "{\"object\":\"list\",\"data\":[" + string.Join(',', Known.Select(id => $$"""{"id":"{{id}}","object":"model","created":1754320000,"owned_by":"sandbox","root":"{{id}}","parent":null,"max_model_len":131072}""")) + "]}");

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers)
    {
        // Nothing: such servers send neither request ids nor rate limits.
    }

    public override void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        if (fault.Status == StatusCodes.Status401Unauthorized && fault.Kind != FaultKind.Scripted)
        {
            output.Raw("{\"error\":\"Unauthorized\"}"u8);
            return;
        }

        output.Raw("{\"error\":{\"message\":"u8);
        output.Text(fault.Message);
        output.Raw(",\"type\":"u8);
        output.Text(fault.Status switch
        {
            // Its types are names of exceptions; only a directed code takes their place.
            _ when fault is { Code: { } code, Kind: FaultKind.Scripted or FaultKind.MidStream } => code,
            404 => "NotFoundError",
            429 => "TooManyRequestsError",
            >= 500 => "InternalServerError",
            _ => "BadRequestError",
        });
        output.Raw(",\"param\":"u8);
        output.Text(fault.Param);
        output.Raw(",\"code\":"u8);
        output.Number(fault.Status);
        output.Raw("}}"u8);
    }
}
