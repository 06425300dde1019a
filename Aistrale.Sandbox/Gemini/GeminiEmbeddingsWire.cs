using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Embeddings;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Gemini;

/// <summary>
/// <c>:embedContent</c> and <c>:batchEmbedContents</c>. Samples:
/// <code>
/// {"content":{"parts":[{"text":"Hi"}]},"outputDimensionality":768}
/// {"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"Hi"}]}}]}
/// </code>
/// </summary>
internal sealed class GeminiEmbeddingsWire(bool batch) : Wire
{
    private const int DefaultDimensions = 3072;

    public override string Name => "Gemini";

    public override bool Generates => false;

    public override bool ReportsUsage => false;

    public override string ContentType => "application/json; charset=UTF-8";

    public override Fault? Read(JsonElement body, Ask ask)
    {
        foreach (var request in Requests(body))
        {
            if (Parts(request) is not { ValueKind: JsonValueKind.Array } parts)
            {
                return Fault.Invalid("* EmbedContentRequest.content: content is not specified");
            }

            if (Dimensions(request) is < 1 or > DefaultDimensions)
            {
                return Fault.Invalid($"outputDimensionality must be between 1 and {DefaultDimensions}");
            }

            ask.Messages++;
            ask.Characters += parts.Characters();
            ask.UserText = parts.JoinText();
        }

        return ask.Messages == 0 ? Fault.Invalid("* BatchEmbedContentsRequest.requests: at least one request is required") : null;
    }

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        output.Raw(batch ? "{\"embeddings\":["u8 : "{\"embedding\":"u8);
        var first = true;
        foreach (var request in Requests(exchange.Ask.Body))
        {
            output.Raw(first ? "{\"values\":"u8 : ",{\"values\":"u8);
            UnitVector.WriteNumbers(output, UnitVector.Create(Parts(request)!.Value.JoinText(), Dimensions(request)));
            output.Raw("}"u8);
            first = false;
        }

        output.Raw(batch ? "]}"u8 : "}"u8);
    }

    private static int Dimensions(JsonElement request) =>
        request.Integer("outputDimensionality") ?? request.Integer("output_dimensionality") ?? DefaultDimensions;

    private static JsonElement? Parts(JsonElement request) =>
        GeminiRequestReader.Member(request, "content", "content") is { } content ? GeminiRequestReader.Member(content, "parts", "parts") : null;

    private IEnumerable<JsonElement> Requests(JsonElement body)
    {
        if (!batch)
        {
            return [body];
        }

        return GeminiRequestReader.Member(body, "requests", "requests") is { ValueKind: JsonValueKind.Array } requests
            ? requests.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object)
            : [];
    }
}
