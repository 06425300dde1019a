using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.ChatCompletions;

/// <summary>Chat Completions, as OpenAI, Groq, Hugging Face and self-hosted servers speak it.</summary>
internal sealed class ChatWire(ChatStyle style) : Wire
{
    public override string Name => "Chat Completions";

    public override Fault? Read(JsonElement body, Ask ask) => ChatRequestReader.Read(body, ask);

    // The format has one number for cache writes and Groq none.
    public override TokenUsage Express(TokenUsage usage) => style.IsGroq
        ? usage with { CacheWrite5m = 0, CacheWrite1h = 0 }
        : usage with { CacheWrite5m = usage.CacheWrites, CacheWrite1h = 0 };

    public override StreamFormat OpenStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) =>
        new ChatStream(exchange, output, framing, style);

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        WriteHead(output, exchange, "chat.completion"u8, style);
        output.Raw(",\"choices\":["u8);
        for (var choice = 0; choice < exchange.Ask.Choices; choice++)
        {
            output.Raw(choice == 0 ? "{\"index\":"u8 : ",{\"index\":"u8);
            output.Number(choice);
            output.Raw(",\"message\":"u8);
            WriteMessage(output, exchange, choice);
            output.Raw(",\"logprobs\":null,\"finish_reason\":"u8);
            output.Text(FinishReason(exchange.Answer));
            output.Raw("}"u8);
        }

        output.Raw("]"u8);
        if (exchange.Usage is { } usage)
        {
            output.Raw(",\"usage\":"u8);
            ChatUsage.Write(output, usage, style);
        }

        WriteTail(output, exchange);
    }

    public static void WriteHead(IBufferWriter<byte> output, Exchange exchange, ReadOnlySpan<byte> kind, ChatStyle style)
    {
        output.Raw("{\"id\":"u8);
        output.Text(exchange.Seed.Id("chatcmpl-", 29, purpose: 2));
        output.Raw(",\"object\":\""u8);
        output.Raw(kind);
        output.Raw("\",\"created\":"u8);
        output.Number(exchange.CreatedAt);
        output.Raw(",\"model\":"u8);
        output.Text(style.IsHuggingFace ? HuggingFaceProvider.WithoutSuffix(exchange.Ask.Model) : exchange.Ask.Model);
    }

    public static string FinishReason(Answer answer) => answer.Stop switch
    {
        Stop.Length => "length",
        Stop.ToolCalls => "tool_calls",
        Stop.ContentFilter => "content_filter",
        Stop.Verbatim => answer.Verbatim!,
        _ => "stop",
    };

    public static string ToolCallId(Exchange exchange, ToolCall call, int choice) =>
        exchange.Seed.Id("call_", 24, purpose: 10 + (choice * 100) + call.Index);

    public static string Fingerprint(Exchange exchange, ChatStyle style) => exchange.Seed.HexId(style.FingerprintPrefix!, 10, purpose: 3);

    public static string Tier(Exchange exchange, ChatStyle style) =>
        style.IsGroq ? exchange.Script.Tier ?? exchange.Ask.ServiceTier ?? "on_demand" : OpenAIProvider.Tier(exchange.Ask, exchange.Script);

    public static string GroqId(Exchange exchange) => exchange.RequestId;

    private void WriteMessage(IBufferWriter<byte> output, Exchange exchange, int choice)
    {
        var answer = exchange.Answer;
        output.Raw("{\"role\":\"assistant\""u8);
        if (answer.Text.Count > 0 || answer.ToolCalls.Count == 0)
        {
            output.Raw(",\"content\":"u8);
            output.Escaped(answer.Text.All);
        }
        else if (!style.IsGroq)
        {
            output.Raw(",\"content\":null"u8);
        }

        if (style.HasRefusal)
        {
            output.Raw(",\"refusal\":null,\"annotations\":[]"u8);
        }

        if (style.ReasoningField is { } field && answer.Reasoning.Count > 0)
        {
            output.Raw(","u8);
            output.Text(field);
            output.Raw(":"u8);
            output.Escaped(answer.Reasoning.All);
        }

        for (var i = 0; i < answer.ToolCalls.Count; i++)
        {
            var call = answer.ToolCalls[i];
            output.Raw(i == 0 ? ",\"tool_calls\":[{\"id\":"u8 : ",{\"id\":"u8);
            output.Text(ToolCallId(exchange, call, choice));
            output.Raw(",\"type\":\"function\",\"function\":{\"name\":"u8);
            output.Text(call.Name);
            output.Raw(",\"arguments\":"u8);
            output.Escaped(call.Fragments.All);
            output.Raw(i == answer.ToolCalls.Count - 1 ? "}}]"u8 : "}}"u8);
        }

        output.Raw("}"u8);
    }

    private void WriteTail(IBufferWriter<byte> output, Exchange exchange)
    {
        if (style.HasTier)
        {
            output.Raw(",\"service_tier\":"u8);
            output.Text(Tier(exchange, style));
        }

        if (style.FingerprintPrefix is not null)
        {
            output.Raw(",\"system_fingerprint\":"u8);
            output.Text(Fingerprint(exchange, style));
        }

        if (style.IsGroq)
        {
            output.Raw(",\"x_groq\":{\"id\":"u8);
            output.Text(GroqId(exchange));
            output.Raw("}"u8);
        }

        output.Raw("}"u8);
    }
}
