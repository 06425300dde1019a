using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Gemini;

/// <summary><c>:countTokens</c>, with plain contents or with a whole <c>generateContentRequest</c>.</summary>
internal sealed class GeminiCountTokensWire : Wire
{
    public override string Name => "Gemini";

    public override bool Generates => false;

    public override bool ReportsUsage => false;

    public override string ContentType => "application/json; charset=UTF-8";

    public override Fault? Read(JsonElement body, Ask ask) =>
        GeminiRequestReader.Read(GeminiRequestReader.Member(body, "generateContentRequest", "generate_content_request") ?? body, ask);

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        var tokens = exchange.Call.Planned!.Input;
        output.Raw("{\"totalTokens\":"u8);
        output.Number(tokens);
        output.Raw(",\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":"u8);
        output.Number(tokens);
        output.Raw("}]}"u8);
    }
}
