using System.Buffers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.ChatCompletions;

/// <summary>
/// Chunks of a Chat Completions stream, for example:
/// <code>data: {"id":"chatcmpl-…","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":null}],"usage":null}</code>
/// Head and tail are the same for every chunk and encoded once.
/// </summary>
internal sealed class ChatStream : StreamFormat
{
    private readonly ChatStyle _style;
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly int _choices;

    public ChatStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing, ChatStyle style)
        : base(exchange, output, framing)
    {
        _style = style;
        _choices = exchange.Ask.Choices;
        var buffer = new ArrayBufferWriter<byte>(512);
        ChatWire.WriteHead(buffer, exchange, "chat.completion.chunk"u8, style);
        if (style.HasTier && !style.IsGroq)
        {
            buffer.Raw(",\"service_tier\":"u8);
            buffer.Text(ChatWire.Tier(exchange, style));
        }

        if (style.FingerprintPrefix is not null)
        {
            buffer.Raw(",\"system_fingerprint\":"u8);
            buffer.Text(ChatWire.Fingerprint(exchange, style));
        }

        buffer.Raw(",\"choices\":["u8);
        _head = buffer.WrittenSpan.ToArray();
        // Whoever asked for the counts sees "usage":null on every other chunk. Groq leaves the member out.
        _tail = exchange.Ask.IncludeUsage && exchange.Usage is not null && !style.IsGroq ? "],\"usage\":null}"u8.ToArray() : "]}"u8.ToArray();
    }

    public override bool ReportsUsage => Exchange.Usage is not null && (Exchange.Ask.IncludeUsage || _style.IsGroq);

    public override void Open()
    {
        for (var choice = 0; choice < _choices; choice++)
        {
            Framing.Begin(Output);
            Output.Raw(_head);
            Output.Raw("{\"index\":"u8);
            Output.Number(choice);
            Output.Raw(Exchange.Answer.Text.Count > 0 || Exchange.Answer.ToolCalls.Count == 0 ? ",\"delta\":{\"role\":\"assistant\",\"content\":\"\""u8 : ",\"delta\":{\"role\":\"assistant\",\"content\":null"u8);
            Output.Raw(_style.HasRefusal ? ",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}"u8 : "},\"logprobs\":null,\"finish_reason\":null}"u8);
            if (_style.IsGroq)
            {
                Output.Raw("],\"x_groq\":{\"id\":"u8);
                Output.Text(ChatWire.GroqId(Exchange));
                Output.Raw("}}"u8);
            }
            else
            {
                Output.Raw(_tail);
            }

            Framing.End(Output);
        }
    }

    public override void Close()
    {
        for (var choice = 0; choice < _choices; choice++)
        {
            Framing.Begin(Output);
            Output.Raw(_head);
            Output.Raw("{\"index\":"u8);
            Output.Number(choice);
            Output.Raw(",\"delta\":{},\"logprobs\":null,\"finish_reason\":"u8);
            Output.Text(ChatWire.FinishReason(Exchange.Answer));
            Output.Raw("}"u8);
            if (_style.IsGroq)
            {
                WriteGroqEnd();
            }
            else
            {
                Output.Raw(_tail);
            }

            Framing.End(Output);
        }

        if (Exchange.Ask.IncludeUsage && Exchange.Usage is { } usage)
        {
            Framing.Begin(Output);
            Output.Raw(_head);
            Output.Raw("],\"usage\":"u8);
            ChatUsage.Write(Output, usage, _style);
            Output.Raw("}"u8);
            Framing.End(Output);
        }
    }

    public override void Terminate()
    {
        Framing.Begin(Output);
        Output.Raw("[DONE]"u8);
        Framing.End(Output);
    }

    public override void Error(Fault fault)
    {
        Framing.Begin(Output);
        Exchange.Provider.WriteError(Output, Exchange, fault);
        Framing.End(Output);
    }

    protected override int Reasoning(ReadOnlySpan<byte> chunk, int index)
    {
        if (_style.ReasoningField is null)
        {
            return 0;
        }

        WriteDelta(_style.ReasoningField == "reasoning" ? "\"reasoning\":\""u8 : "\"reasoning_content\":\""u8, chunk, "\""u8);
        return 1;
    }

    protected override int Text(ReadOnlySpan<byte> chunk, int index)
    {
        WriteDelta("\"content\":\""u8, chunk, "\""u8);
        return 1;
    }

    protected override void ToolStart(ToolCall call)
    {
        for (var choice = 0; choice < _choices; choice++)
        {
            Framing.Begin(Output);
            Output.Raw(_head);
            Output.Raw("{\"index\":"u8);
            Output.Number(choice);
            Output.Raw(",\"delta\":{\"tool_calls\":[{\"index\":"u8);
            Output.Number(call.Index);
            Output.Raw(",\"id\":"u8);
            Output.Text(ChatWire.ToolCallId(Exchange, call, choice));
            Output.Raw(",\"type\":\"function\",\"function\":{\"name\":"u8);
            Output.Text(call.Name);
            Output.Raw(",\"arguments\":\"\"}}]},\"logprobs\":null,\"finish_reason\":null}"u8);
            Output.Raw(_tail);
            Framing.End(Output);
        }
    }

    protected override int ToolFragment(ToolCall call, ReadOnlySpan<byte> fragment, bool last)
    {
        for (var choice = 0; choice < _choices; choice++)
        {
            Framing.Begin(Output);
            Output.Raw(_head);
            Output.Raw("{\"index\":"u8);
            Output.Number(choice);
            Output.Raw(",\"delta\":{\"tool_calls\":[{\"index\":"u8);
            Output.Number(call.Index);
            Output.Raw(",\"function\":{\"arguments\":"u8);
            Output.Escaped(fragment);
            Output.Raw("}}]},\"logprobs\":null,\"finish_reason\":null}"u8);
            Output.Raw(_tail);
            Framing.End(Output);
        }

        return 1;
    }

    private void WriteDelta(ReadOnlySpan<byte> before, ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> after)
    {
        for (var choice = 0; choice < _choices; choice++)
        {
            Framing.Begin(Output);
            Output.Raw(_head);
            Output.Raw("{\"index\":"u8);
            Output.Number(choice);
            Output.Raw(",\"delta\":{"u8);
            Output.Raw(before);
            Output.Raw(chunk);
            Output.Raw(after);
            Output.Raw("},\"logprobs\":null,\"finish_reason\":null}"u8);
            Output.Raw(_tail);
            Framing.End(Output);
        }
    }

    // The counts come here whether or not stream_options asked for them.
    private void WriteGroqEnd()
    {
        Output.Raw("],\"x_groq\":{\"id\":"u8);
        Output.Text(ChatWire.GroqId(Exchange));
        if (Exchange.Usage is { } usage)
        {
            Output.Raw(",\"usage\":"u8);
            ChatUsage.Write(Output, usage, _style);
        }

        Output.Raw("}}"u8);
    }
}
