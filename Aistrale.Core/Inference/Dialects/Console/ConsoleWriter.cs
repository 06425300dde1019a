using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Aistrale.Contracts;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects.Console;

/// <summary>Writes the console's answers: one JSON document, or the events start, delta, reasoning, done, error.</summary>
internal sealed class ConsoleWriter : IAnswerWriter
{
    private readonly StringBuilder _output = new();
    private readonly ArrayBufferWriter<byte> _event = new(512);
    private readonly Utf8JsonWriter _json = new(Stream.Null, JsonOutput.Options);

    public IStreamFilter? StreamFilter => null;

    public string ErrorContentType => "application/problem+json";

    public void BeginStream(IBufferWriter<byte> output, InferenceCall call, RouteTarget target) =>
        WriteEvent(output, InferenceEvents.Start, new InferenceStarted(call.Id, target.Provider.Name, target.Model, call.TraceId), ConsoleJson.Default.InferenceStarted);

    public void WriteUpdate(IBufferWriter<byte> output, ChatResponseUpdate update)
    {
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextReasoningContent { Text.Length: > 0 } reasoning:
                    WriteEvent(output, InferenceEvents.Reasoning, new InferenceText(reasoning.Text), ConsoleJson.Default.InferenceText);
                    break;
                case TextContent { Text.Length: > 0 } text:
                    _output.Append(text.Text);
                    WriteEvent(output, InferenceEvents.Delta, new InferenceText(text.Text), ConsoleJson.Default.InferenceText);
                    break;
            }
        }
    }

    public void EndStream(IBufferWriter<byte> output, SettledCall settled) =>
        WriteEvent(output, InferenceEvents.Done, Answer(_output.ToString(), settled), ConsoleJson.Default.InferenceRunResponse);

    public void WriteWhole(IBufferWriter<byte> output, ChatResponse response, SettledCall settled)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        JsonSerializer.Serialize(json, Answer(response.Text, settled), ConsoleJson.Default.InferenceRunResponse);
    }

    public void WriteError(IBufferWriter<byte> output, InferenceError error) => ConsoleErrors.Write(output, error);

    public void WriteStreamError(IBufferWriter<byte> output, InferenceError error) =>
        WriteEvent(output, InferenceEvents.Error, new InferenceFailed(error.Code, error.Message), ConsoleJson.Default.InferenceFailed);

    public void Dispose() => _json.Dispose();

    private static InferenceRunResponse Answer(string text, SettledCall settled)
    {
        var record = settled.Record;
        return new InferenceRunResponse(
            record.Id,
            ConversationId: null,
            record.Provider!,
            record.Model!,
            text,
            ToolCalls: [],
            record.FinishReason,
            new TokenUsageResponse(record.InputTokens, record.CachedInputTokens, record.CacheWriteTokens, record.OutputTokens, record.ReasoningTokens),
            record.CostUsd,
            record.LatencyMs,
            record.TimeToFirstTokenMs,
            settled.Attempts,
            record.TraceId);
    }

    private void WriteEvent<T>(IBufferWriter<byte> output, string name, T value, JsonTypeInfo<T> type)
    {
        _event.ResetWrittenCount();
        _json.Reset(_event);
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        Span<byte> nameBytes = stackalloc byte[16];
        var length = Encoding.ASCII.GetBytes(name, nameBytes);
        SseWriter.WriteEvent(output, nameBytes[..length], _event.WrittenSpan);
    }
}
