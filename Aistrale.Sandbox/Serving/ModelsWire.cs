using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>Stands in for a wire where there is no request body to read.</summary>
internal sealed class ModelsWire : Wire
{
    public override string Name => "Models";

    public override bool Generates => false;

    public override Fault? Read(JsonElement body, Ask ask) => null;

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange) => output.Raw(exchange.Provider.Models);

    /// <summary>One entry of the provider's list, by <c>id</c> or by Gemini's <c>name</c>.</summary>
    public static byte[]? Find(Provider provider, string model)
    {
        using var list = JsonDocument.Parse(provider.Models);
        var entries = list.RootElement.TryGetProperty("data", out var data) ? data : list.RootElement.GetProperty("models");
        foreach (var entry in entries.EnumerateArray())
        {
            if (entry.String("id") == model || entry.String("name") == $"models/{model}")
            {
                return System.Text.Encoding.UTF8.GetBytes(entry.GetRawText());
            }
        }

        return null;
    }
}
