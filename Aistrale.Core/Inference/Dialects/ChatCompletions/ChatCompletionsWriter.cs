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

    // A stream writes thousands of events: the writer and the head that they have in common are made once.
    private readonly Utf8JsonWriter _json = new(Stream.Null, JsonOutput.Options);
    private JsonEncodedText _id;
    private JsonEncodedText _model;
    private long _created;
    private string? _finishReason;

    public IStreamFilter? StreamFilter { get; } = isStream && !wantsUsage ? new UsageFilter() : null;

    public string ErrorContentType => "application/json";

    public void BeginStream(IBufferWriter<byte> output, InferenceCall call, RouteTarget target)
    {
        Identify(call.Id, call.StartedAt, target.Model);
        BeginChunk();
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("content"u8, ""u8);
        EndChunk(output, finishReason: null);
    }

    public void WriteUpdate(IBufferWriter<byte> output, ChatResponseUpdate update)
    {
        if (update.FinishReason is { } reason)
        {
            _finishReason = reason.Value;
        }

        for (var i = 0; i < update.Contents.Count; i++)
        {
            switch (update.Contents[i])
            {
                case TextReasoningContent { Text.Length: > 0 } reasoning:
                    WriteDelta(output, "reasoning_content"u8, reasoning.Text);
                    break;
                case TextContent { Text.Length: > 0 } text:
                    WriteDelta(output, "content"u8, text.Text);
                    break;
            }
        }
    }

    public void EndStream(IBufferWriter<byte> output, SettledCall settled)
    {
        BeginChunk();
        EndChunk(output, settled.Record.FinishReason ?? _finishReason ?? "stop");
        if (wantsUsage)
        {
            BeginEvent();
            _json.WriteStartArray("choices"u8);
            _json.WriteEndArray();
            WriteUsage(_json, settled.Usage);
            EndEvent(output);
        }

        SseWriter.WriteDone(output);
    }

    public void WriteWhole(IBufferWriter<byte> output, ChatResponse response, SettledCall settled)
    {
        Identify(settled.Record.Id, settled.Record.StartedAt, settled.Record.Model!);
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

    public void Dispose() => _json.Dispose();

    private void Identify(Guid id, DateTimeOffset startedAt, string model)
    {
        _id = JsonEncodedText.Encode($"chatcmpl-{id:N}");
        _created = startedAt.ToUnixTimeSeconds();
        _model = JsonEncodedText.Encode(model, JsonOutput.Options.Encoder);
    }

    private void WriteDelta(IBufferWriter<byte> output, ReadOnlySpan<byte> member, string text)
    {
        BeginChunk();
        _json.WriteString(member, text);
        EndChunk(output, finishReason: null);
    }

    /// <summary>A chunk up to the members of its delta.</summary>
    private void BeginChunk()
    {
        BeginEvent();
        _json.WriteStartArray("choices"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("delta"u8);
    }

    private void EndChunk(IBufferWriter<byte> output, string? finishReason)
    {
        _json.WriteEndObject();
        _json.WriteNull("logprobs"u8);
        _json.WriteString("finish_reason"u8, finishReason);
        _json.WriteEndObject();
        _json.WriteEndArray();
        if (wantsUsage)
        {
            _json.WriteNull("usage"u8);
        }

        EndEvent(output);
    }

    private void BeginEvent()
    {
        _event.ResetWrittenCount();
        _json.Reset(_event);
        _json.WriteStartObject();
        WriteHead(_json, "chat.completion.chunk"u8);
    }

    private void EndEvent(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
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
