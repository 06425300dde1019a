using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Aistrale.Core.Inference.Dialects.ChatCompletions;

/// <summary>
/// A request for <c>POST /v1/chat/completions</c>, such as
/// <c>{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]}</c>.
/// Only what routing needs is read; the rest stays bytes.
/// </summary>
public sealed class ChatCompletionsRequest : IDialectRequest
{
    /// <summary>Tool schemas nest deeper than the default of 64; a bound remains against hostile input.</summary>
    internal const int MaxDepth = 256;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly Range _model;
    private readonly Edit? _usageEdit;

    private ChatCompletionsRequest(ReadOnlyMemory<byte> body, Fields fields)
    {
        _body = body;
        _model = fields.ModelRange;
        Model = fields.Model!;
        Stream = fields.Stream;
        MaxOutputTokens = fields.MaxOutputTokens;
        WantsStreamUsage = fields.IncludeUsage;
        _usageEdit = fields.Stream && !fields.IncludeUsage ? fields.UsageEdit ?? new Edit(fields.ObjectStart + 1, 0, "\"stream_options\":{\"include_usage\":true},") : null;
    }

    public Dialect Dialect => Dialect.ChatCompletions;

    public string Model { get; }

    public bool Stream { get; }

    public int? MaxOutputTokens { get; }

    public bool WantsStreamUsage { get; }

    // Four bytes a token; the JSON around the text makes it a little high, which is the right side for an estimate.
    public long EstimatedInputTokens => (_body.Length + 3) / 4;

    internal ReadOnlyMemory<byte> Body => _body;

    /// <summary>Reads what routing needs, or says in one sentence what is wrong with the body.</summary>
    public static Outcome<ChatCompletionsRequest> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var fields = new Fields();
            if (ReadFields(body.Span, ref fields) is { } failure)
            {
                return failure;
            }

            return string.IsNullOrEmpty(fields.Model)
                ? new Failure(Contracts.ErrorCodes.InvalidRequest, "You must provide a model parameter.", "model")
                : new ChatCompletionsRequest(body, fields);
        }
        catch (JsonException exception)
        {
            return new Failure(Contracts.ErrorCodes.InvalidRequest, $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).");
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader's word for text that is not valid UTF-8 or an escape that is half a character.
            return new Failure(Contracts.ErrorCodes.InvalidRequest, "The body holds text that is not valid Unicode.");
        }
    }

    public void WriteNative(IBufferWriter<byte> output, string upstreamModel)
    {
        // Later edits first would need a copy each; in ascending order the pieces between them are written once.
        var model = upstreamModel == Model
            ? (Edit?)null
            : new Edit(_model.Start.Value, _model.End.Value - _model.Start.Value, $"\"{JsonEncodedText.Encode(upstreamModel)}\"");
        var (first, second) = (_usageEdit, model) is ({ } usage, { } name) && name.Offset < usage.Offset ? (model, _usageEdit) : (_usageEdit, model);
        var position = 0;
        position = Write(output, first, position);
        position = Write(output, second, position);
        output.Write(_body.Span[position..]);
    }

    public Outcome<CanonicalRequest> Translate() => ChatCompletionsTranslator.Translate(this);

    IAnswerWriter IDialectRequest.CreateWriter() => new ChatCompletionsWriter(WantsStreamUsage, Stream);

    private int Write(IBufferWriter<byte> output, Edit? edit, int position)
    {
        if (edit is not { } change)
        {
            return position;
        }

        output.Write(_body.Span[position..change.Offset]);
        Encoding.UTF8.GetBytes(change.Text, output);
        return change.Offset + change.Length;
    }

    private static Failure? ReadFields(ReadOnlySpan<byte> body, ref Fields fields)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return new Failure(Contracts.ErrorCodes.InvalidRequest, "The body must be a JSON object.");
        }

        fields.ObjectStart = (int)json.TokenStartIndex;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadField(ref json, ref fields) is { } failure)
            {
                return failure;
            }
        }

        // Anything after the object is an error too; the reader throws on it.
        json.Read();
        return null;
    }

    private static Failure? ReadField(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.ValueTextEquals("model"u8))
        {
            return ReadModel(ref json, ref fields);
        }

        if (json.ValueTextEquals("stream"u8))
        {
            return ReadStream(ref json, ref fields);
        }

        if (json.ValueTextEquals("stream_options"u8))
        {
            return ReadStreamOptions(ref json, ref fields);
        }

        var isLimit = json.ValueTextEquals("max_completion_tokens"u8) || json.ValueTextEquals("max_tokens"u8);
        json.Read();
        if (isLimit && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var limit))
        {
            // Both names may be given; the larger limit is the safe one to reserve for.
            fields.MaxOutputTokens = Math.Max(limit, fields.MaxOutputTokens ?? limit);
        }

        json.Skip();
        return null;
    }

    private static Failure? ReadModel(ref Utf8JsonReader json, ref Fields fields)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
        {
            return new Failure(Contracts.ErrorCodes.InvalidRequest, "The model must be a string.", "model");
        }

        if (fields.Model is not null)
        {
            return Twice("model");
        }

        fields.Model = json.GetString();
        fields.ModelRange = (int)json.TokenStartIndex..(int)json.BytesConsumed;
        if (fields.Model!.Length > 300)
        {
            return new Failure(Contracts.ErrorCodes.InvalidRequest, "The model's name is too long.", "model");
        }

        // No model is called so, PostgreSQL cannot store U+0000, and a header cannot carry a line end.
        return fields.Model.Any(char.IsControl)
            ? new Failure(Contracts.ErrorCodes.InvalidRequest, "The model's name holds a control character. Write the name as GET /v1/models lists it.", "model")
            : null;
    }

    private static Failure? ReadStream(ref Utf8JsonReader json, ref Fields fields)
    {
        json.Read();
        if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
        {
            return new Failure(Contracts.ErrorCodes.InvalidRequest, "stream must be true or false.", "stream");
        }

        if (fields.SawStream)
        {
            return Twice("stream");
        }

        fields.SawStream = true;
        fields.Stream = json.TokenType == JsonTokenType.True;
        return null;
    }

    private static Failure? ReadStreamOptions(ref Utf8JsonReader json, ref Fields fields)
    {
        json.Read();
        if (fields.UsageEdit is not null || fields.IncludeUsage)
        {
            return Twice("stream_options");
        }

        if (json.TokenType == JsonTokenType.Null)
        {
            fields.UsageEdit = new Edit((int)json.TokenStartIndex, 4, "{\"include_usage\":true}");
            return null;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            return new Failure(Contracts.ErrorCodes.InvalidRequest, "stream_options must be an object.", "stream_options");
        }

        var inside = (int)json.BytesConsumed;
        var isEmpty = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isUsage = json.ValueTextEquals("include_usage"u8);
            json.Read();
            if (isUsage && fields.UsageEdit is not null)
            {
                return Twice("stream_options.include_usage");
            }

            var (kind, start) = (json.TokenType, (int)json.TokenStartIndex);
            json.Skip();
            if (isUsage)
            {
                fields.IncludeUsage = kind == JsonTokenType.True;
                fields.UsageEdit = new Edit(start, (int)json.BytesConsumed - start, "true");
            }
        }

        fields.UsageEdit ??= new Edit(inside, 0, isEmpty ? "\"include_usage\":true" : "\"include_usage\":true,");
        return null;
    }

    // One reader would take the first, another the last: what we route and meter must be what the provider runs.
    private static Failure Twice(string name) => new(Contracts.ErrorCodes.InvalidRequest, $"The body says {name} twice.", name);

    private readonly record struct Edit(int Offset, int Length, string Text);

    private ref struct Fields
    {
        public int ObjectStart;
        public string? Model;
        public Range ModelRange;
        public bool SawStream;
        public bool Stream;
        public bool IncludeUsage;
        public Edit? UsageEdit;
        public int? MaxOutputTokens;
    }
}
