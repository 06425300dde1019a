using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Responses;

/// <summary>OpenAI Responses; Groq answers the same way.</summary>
internal sealed class ResponsesWire : Wire
{
    public override string Name => "Responses";

    public override Fault? Read(JsonElement body, Ask ask) => ResponsesRequestReader.Read(body, ask);

    public override Fault? Check(Exchange exchange) => ChainGuard.Check(exchange);

    public override TokenUsage Express(TokenUsage usage) => usage with { CacheWrite5m = usage.CacheWrites, CacheWrite1h = 0 };

    public override StreamFormat OpenStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) =>
        new ResponsesStream(exchange, output, framing);

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange) =>
        ResponseObject.Write(output, exchange, ResponseObject.FinalStatus(exchange.Answer), complete: true);
}
