using System.Text.Json;
using System.Text.Json.Serialization;
using Aistrale.Contracts;

namespace Aistrale.Core.Inference.Dialects.Console;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(InferenceStarted))]
[JsonSerializable(typeof(InferenceText))]
[JsonSerializable(typeof(InferenceRunResponse))]
[JsonSerializable(typeof(InferenceFailed))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
