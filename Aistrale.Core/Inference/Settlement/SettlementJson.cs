using System.Text.Json;
using System.Text.Json.Serialization;
using Aistrale.Contracts;

namespace Aistrale.Core.Inference.Settlement;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<AttemptResponse>))]
[JsonSerializable(typeof(IReadOnlyList<PriceRowResponse>))]
internal sealed partial class SettlementJson : JsonSerializerContext;
