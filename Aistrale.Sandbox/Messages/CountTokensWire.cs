using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Messages;

/// <summary><c>POST /v1/messages/count_tokens</c>: the same count that the message itself will report.</summary>
internal sealed class CountTokensWire : Wire
{
    public override string Name => "Messages";

    public override bool Generates => false;

    public override bool ReportsUsage => false;

    public override Fault? Read(JsonElement body, Ask ask)
    {
        var fault = MessagesRequestReader.Read(body, ask, generates: false);
        ask.Stream = false;
        return fault;
    }

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        output.Raw("{\"input_tokens\":"u8);
        output.Number(exchange.Call.Planned!.Input);
        output.Raw("}"u8);
    }
}
