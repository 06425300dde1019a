using System.Buffers;
using System.Text.Json;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Messages;

/// <summary>Anthropic Messages.</summary>
internal sealed class MessagesWire : Wire
{
    public override string Name => "Messages";

    public override Fault? Read(JsonElement body, Ask ask) => MessagesRequestReader.Read(body, ask, generates: true);

    public override StreamFormat OpenStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) =>
        new MessagesStream(exchange, output, framing);

    public override void WriteWhole(IBufferWriter<byte> output, Exchange exchange)
    {
        var answer = exchange.Answer;
        WriteHead(output, exchange);
        output.Raw(",\"content\":["u8);
        var any = false;
        if (answer.Reasoning.Count > 0)
        {
            output.Raw("{\"type\":\"thinking\",\"thinking\":"u8);
            output.Escaped(answer.Reasoning.All);
            output.Raw(",\"signature\":"u8);
            output.Text(Signature.OfEscaped(answer.Reasoning.All));
            output.Raw("}"u8);
            any = true;
        }

        if (answer.Text.Count > 0 || answer.ToolCalls.Count == 0)
        {
            output.Raw(any ? ",{\"type\":\"text\",\"text\":"u8 : "{\"type\":\"text\",\"text\":"u8);
            output.Escaped(answer.Text.All);
            output.Raw("}"u8);
            any = true;
        }

        foreach (var call in answer.ToolCalls)
        {
            output.Raw(any ? ",{\"type\":\"tool_use\",\"id\":"u8 : "{\"type\":\"tool_use\",\"id\":"u8);
            output.Text(ToolUseId(exchange, call));
            output.Raw(",\"name\":"u8);
            output.Text(call.Name);
            output.Raw(",\"input\":"u8);
            output.Raw(call.Json);
            output.Raw("}"u8);
            any = true;
        }

        output.Raw("],\"stop_reason\":"u8);
        output.Text(StopReason(answer));
        output.Raw(",\"stop_sequence\":"u8);
        output.Text(answer.StopSequence);
        if (exchange.Usage is { } usage)
        {
            output.Raw(",\"usage\":"u8);
            WriteUsage(output, exchange, usage, usage.Output);
        }

        output.Raw("}"u8);
    }

    public static void WriteHead(IBufferWriter<byte> output, Exchange exchange)
    {
        output.Raw("{\"model\":"u8);
        output.Text(exchange.Ask.Model);
        output.Raw(",\"id\":"u8);
        output.Text(exchange.Seed.Id("msg_01", 22, purpose: 2));
        output.Raw(",\"type\":\"message\",\"role\":\"assistant\""u8);
    }

    /// <summary>Input tokens leave out what came from, or went to, the cache.</summary>
    public static void WriteUsage(IBufferWriter<byte> output, Exchange exchange, TokenUsage usage, long outputTokens)
    {
        output.Raw("{\"input_tokens\":"u8);
        output.Number(usage.Input - usage.Cached - usage.CacheWrites);
        output.Raw(",\"cache_creation_input_tokens\":"u8);
        output.Number(usage.CacheWrites);
        output.Raw(",\"cache_read_input_tokens\":"u8);
        output.Number(usage.Cached);
        output.Raw(",\"cache_creation\":{\"ephemeral_5m_input_tokens\":"u8);
        output.Number(usage.CacheWrite5m);
        output.Raw(",\"ephemeral_1h_input_tokens\":"u8);
        output.Number(usage.CacheWrite1h);
        output.Raw("},\"output_tokens\":"u8);
        output.Number(outputTokens);
        WriteThinkingTokens(output, usage);
        output.Raw(",\"service_tier\":"u8);
        output.Text(exchange.Script.Tier ?? "standard");
        output.Raw("}"u8);
    }

    public static void WriteThinkingTokens(IBufferWriter<byte> output, TokenUsage usage)
    {
        if (usage.Reasoning > 0)
        {
            output.Raw(",\"output_tokens_details\":{\"thinking_tokens\":"u8);
            output.Number(usage.Reasoning);
            output.Raw("}"u8);
        }
    }

    public static string StopReason(Answer answer) => answer.Stop switch
    {
        Stop.Sequence => "stop_sequence",
        Stop.Length => "max_tokens",
        Stop.ToolCalls => "tool_use",
        Stop.ContentFilter => "refusal",
        Stop.Verbatim => answer.Verbatim!,
        _ => "end_turn",
    };

    public static string ToolUseId(Exchange exchange, ToolCall call) => exchange.Seed.Id("toolu_01", 22, purpose: 10 + call.Index);
}
