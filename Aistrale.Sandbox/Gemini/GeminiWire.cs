using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Messages;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Gemini;

/// <summary>Gemini's generateContent and streamGenerateContent.</summary>
internal sealed class GeminiWire : Wire
{
    public override string Name => "Gemini";

    public override SseFraming Framing => SseFraming.Crlf;

    public override string ContentType => "application/json; charset=UTF-8";

    public override string StreamContentType(Exchange exchange) => IsSse(exchange) ? "text/event-stream" : ContentType;

    public override Fault? Read(JsonElement body, Ask ask) => GeminiRequestReader.Read(body, ask);

    // Caching writes are implicit and not counted.
    public override TokenUsage Express(TokenUsage usage) => usage with { CacheWrite5m = 0, CacheWrite1h = 0 };

    public override StreamFormat OpenStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) =>
        new GeminiStream(exchange, output, framing, IsSse(exchange));

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        var answer = exchange.Answer;
        if (IsBlocked(answer))
        {
            WriteBlocked(output, exchange);
            return;
        }

        output.Raw("{\"candidates\":[{\"content\":{\"parts\":["u8);
        var any = false;
        if (answer.Reasoning.Count > 0)
        {
            WriteThought(output, answer.Reasoning.All);
            any = true;
        }

        if (answer.Text.Count > 0 || answer.ToolCalls.Count == 0)
        {
            output.Raw(any ? ",{\"text\":"u8 : "{\"text\":"u8);
            output.Escaped(answer.Text.All);
            output.Raw("}"u8);
            any = true;
        }

        foreach (var call in answer.ToolCalls)
        {
            output.Raw(any ? ","u8 : ""u8);
            WriteCall(output, call);
            any = true;
        }

        output.Raw("],\"role\":\"model\"},\"finishReason\":"u8);
        output.Text(FinishReason(answer));
        output.Raw(",\"index\":0}]"u8);
        WriteTail(output, exchange, exchange.Usage);
    }

    public static bool IsBlocked(Answer answer) => answer is { Stop: Stop.Verbatim, Verbatim: "blocked" };

    public static void WriteBlocked(IBufferWriter<byte> output, Exchange exchange)
    {
        output.Raw("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}"u8);
        WriteTail(output, exchange, exchange.Usage is { } usage ? usage with { Output = 0, Reasoning = 0 } : null);
    }

    public static void WriteThought(IBufferWriter<byte> output, ReadOnlySpan<byte> escaped)
    {
        output.Raw("{\"text\":"u8);
        output.Escaped(escaped);
        output.Raw(",\"thought\":true}"u8);
    }

    /// <summary>Of parallel calls only the first carries the signature.</summary>
    public static void WriteCall(IBufferWriter<byte> output, ToolCall call)
    {
        output.Raw("{\"functionCall\":{\"name\":"u8);
        output.Text(call.Name);
        output.Raw(",\"args\":"u8);
        output.Raw(call.Json);
        output.Raw("}"u8);
        if (call.Index == 0)
        {
            output.Raw(",\"thoughtSignature\":"u8);
            output.Text(Signature.Of(call.Name));
        }

        output.Raw("}"u8);
    }

    /// <summary>Usage, model and id: the end of a whole answer and of every chunk. Output leaves out thoughts.</summary>
    public static void WriteTail(IBufferWriter<byte> output, Exchange exchange, TokenUsage? usage)
    {
        if (usage is not null)
        {
            output.Raw(",\"usageMetadata\":{\"promptTokenCount\":"u8);
            output.Number(usage.Input);
            if (usage.Output - usage.Reasoning > 0)
            {
                output.Raw(",\"candidatesTokenCount\":"u8);
                output.Number(usage.Output - usage.Reasoning);
            }

            output.Raw(",\"totalTokenCount\":"u8);
            output.Number(usage.Total);
            if (usage.Cached > 0)
            {
                output.Raw(",\"cachedContentTokenCount\":"u8);
                output.Number(usage.Cached);
            }

            output.Raw(",\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":"u8);
            output.Number(usage.Input);
            output.Raw("}]"u8);
            if (usage.Cached > 0)
            {
                output.Raw(",\"cacheTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":"u8);
                output.Number(usage.Cached);
                output.Raw("}]"u8);
            }

            if (usage.Reasoning > 0)
            {
                output.Raw(",\"thoughtsTokenCount\":"u8);
                output.Number(usage.Reasoning);
            }

            output.Raw("}"u8);
        }

        output.Raw(",\"modelVersion\":"u8);
        output.Text(exchange.Ask.Model);
        output.Raw(",\"responseId\":"u8);
        output.Text(exchange.Seed.Id("", 23, purpose: 2));
        output.Raw("}"u8);
    }

    public static string FinishReason(Answer answer) => answer.Stop switch
    {
        Stop.Length => "MAX_TOKENS",
        Stop.ContentFilter => "SAFETY",
        Stop.Verbatim => answer.Verbatim!,
        // Tool calls end with STOP too.
        _ => "STOP",
    };

    private static bool IsSse(Exchange exchange) => exchange.Http.Request.Query["alt"] == "sse";
}
