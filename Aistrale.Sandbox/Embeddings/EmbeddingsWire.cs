using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Embeddings;

/// <summary>
/// Embeddings in OpenAI's shape. Samples of a request:
/// <code>
/// {"model":"text-embedding-3-small","input":"Hi","encoding_format":"base64","dimensions":256}
/// {"model":"text-embedding-3-small","input":["Hi","there"]}
/// {"model":"text-embedding-3-small","input":[[13347,11],[271]]}
/// </code>
/// </summary>
internal sealed class EmbeddingsWire : Wire
{
    private const int MaxDimensions = 3072;

    public override string Name => "Embeddings";

    public override bool Generates => false;

    public override Fault? Read(JsonElement body, Ask ask)
    {
        if (body.String("model") is not { Length: > 0 } model)
        {
            return Fault.Invalid("Name a model in 'model'.", "model", "missing_required_parameter");
        }

        ask.Model = model;
        if (!body.TryGetProperty("input", out var input) || input.ValueKind is not (JsonValueKind.String or JsonValueKind.Array)
            || (input.ValueKind == JsonValueKind.Array && input.GetArrayLength() == 0))
        {
            return Fault.Invalid("'input' must be a text, an array of texts, or arrays of tokens.", "input", "missing_required_parameter");
        }

        if (body.Integer("dimensions") is < 1 or > MaxDimensions)
        {
            return Fault.Invalid($"'dimensions' must be between 1 and {MaxDimensions}.", "dimensions");
        }

        if (body.String("encoding_format") is not (null or "float" or "base64"))
        {
            return Fault.Invalid("'encoding_format' must be float or base64.", "encoding_format");
        }

        foreach (var text in Inputs(input))
        {
            ask.Messages++;
            // An array of tokens counts as what it is.
            ask.Characters += text.Tokens * 4 + text.Text.Length;
            ask.UserText = text.Tokens == 0 ? text.Text : ask.UserText;
        }

        return null;
    }

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        var body = exchange.Ask.Body;
        var dimensions = body.Integer("dimensions") ?? (exchange.Ask.Model.Contains("large", StringComparison.Ordinal) ? MaxDimensions : 1536);
        var base64 = body.String("encoding_format") == "base64";
        output.Raw("{\"object\":\"list\",\"data\":["u8);
        var index = 0;
        foreach (var (text, _) in Inputs(body.GetProperty("input")))
        {
            output.Raw(index == 0 ? "{\"object\":\"embedding\",\"index\":"u8 : ",{\"object\":\"embedding\",\"index\":"u8);
            output.Number(index++);
            output.Raw(",\"embedding\":"u8);
            var vector = UnitVector.Create(text, dimensions);
            if (base64)
            {
                UnitVector.WriteBase64(output, vector);
            }
            else
            {
                UnitVector.WriteNumbers(output, vector);
            }

            output.Raw("}"u8);
        }

        output.Raw("],\"model\":"u8);
        output.Text(exchange.Ask.Model);
        if (exchange.Usage is { } usage)
        {
            output.Raw(",\"usage\":{\"prompt_tokens\":"u8);
            output.Number(usage.Input);
            output.Raw(",\"total_tokens\":"u8);
            output.Number(usage.Input);
            output.Raw("}"u8);
        }

        output.Raw("}"u8);
    }

    private static IEnumerable<(string Text, int Tokens)> Inputs(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            return [(input.GetString()!, 0)];
        }

        // A flat array of numbers is one input; an array of arrays is several.
        return input[0].ValueKind == JsonValueKind.Number
            ? [(input.GetRawText(), input.GetArrayLength())]
            : input.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Array ? (e.GetRawText(), e.GetArrayLength()) : (e.ValueKind == JsonValueKind.String ? e.GetString()! : e.GetRawText(), 0));
    }
}
