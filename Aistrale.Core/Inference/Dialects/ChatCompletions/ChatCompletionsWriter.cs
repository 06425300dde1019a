using System.Buffers;
using System.Text.Json;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Pricing;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects.ChatCompletions;

/// <summary>Writes Chat Completions: whole answers, chunks, errors.</summary>
internal sealed class ChatCompletionsWriter(bool wantsUsage, bool isStream) : IAnswerWriter
{
    private readonly ArrayBufferWriter<byte> _event = new(512);
    private string _id = "";
    private string _model = "";
    private long _created;
    private string? _finishReason;

    public IStreamFilter? StreamFilter { get; } = isStream && !wantsUsage ? new UsageFilter() : null;

    public void BeginStream(IBufferWriter<byte> output, InferenceCall call, RouteTarget target)
    {
        _id = Id(call.Id);
        _created = call.StartedAt.ToUnixTimeSeconds();
        _model = target.Model;
        WriteChunk(output, json =>
        {
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("content"u8, ""u8);
        });
    }

    public void WriteUpdate(IBufferWriter<byte> output, ChatResponseUpdate update)
    {
        if (update.FinishReason is { } reason)
        {
            _finishReason = reason.Value;
        }

        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextReasoningContent { Text.Length: > 0 } reasoning:
                    WriteChunk(output, json => json.WriteString("reasoning_content"u8, reasoning.Text));
                    break;
                case TextContent { Text.Length: > 0 } text:
                    WriteChunk(output, json => json.WriteString("content"u8, text.Text));
                    break;
            }
        }
    }

    public void EndStream(IBufferWriter<byte> output, SettledCall settled)
    {
        WriteChunk(output, static _ => { }, settled.Record.FinishReason ?? _finishReason ?? "stop");
        if (wantsUsage)
        {
            WriteEvent(output, json =>
            {
                WriteHead(json, "chat.completion.chunk"u8);
                json.WriteStartArray("choices"u8);
                json.WriteEndArray();
                WriteUsage(json, settled.Usage);
            });
        }

        SseWriter.WriteDone(output);
    }

    public void WriteWhole(IBufferWriter<byte> output, ChatResponse response, SettledCall settled)
    {
        _id = Id(settled.Record.Id);
        _created = settled.Record.StartedAt.ToUnixTimeSeconds();
        _model = settled.Record.Model!;
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        WriteHead(json, "chat.completion"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, response.Text);
        var reasoning = string.Concat(response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(content => content.Text));
        if (reasoning.Length > 0)
        {
            json.WriteString("reasoning_content"u8, reasoning);
        }

        json.WriteNull("refusal"u8);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, settled.Record.FinishReason ?? response.FinishReason?.Value ?? "stop");
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, settled.Usage);
        json.WriteEndObject();
    }

    public void WriteError(IBufferWriter<byte> output, InferenceError error) => ChatCompletionsErrors.Write(output, error);

    public void WriteStreamError(IBufferWriter<byte> output, InferenceError error)
    {
        _event.ResetWrittenCount();
        ChatCompletionsErrors.Write(_event, error);
        SseWriter.WriteData(output, _event.WrittenSpan);
    }

    private static string Id(Guid id) => $"chatcmpl-{id:N}";

    private void WriteChunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> delta, string? finishReason = null) => WriteEvent(output, json =>
    {
        WriteHead(json, "chat.completion.chunk"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (wantsUsage)
        {
            json.WriteNull("usage"u8);
        }
    });

    private void WriteEvent(IBufferWriter<byte> output, Action<Utf8JsonWriter> members)
    {
        _event.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_event, JsonOutput.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        SseWriter.WriteData(output, _event.WrittenSpan);
    }

    private void WriteHead(Utf8JsonWriter json, ReadOnlySpan<byte> kind)
    {
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, _created);
        json.WriteString("model"u8, _model);
    }

    private static void WriteUsage(Utf8JsonWriter json, UsageQuantities usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.InputTokens ?? 0);
        json.WriteNumber("completion_tokens"u8, usage.OutputTokens ?? 0);
        json.WriteNumber("total_tokens"u8, (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0));
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInputTokens ?? 0);
        if (usage.CacheWriteTokens is { } written)
        {
            json.WriteNumber("cache_write_tokens"u8, written);
        }

        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens ?? 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
