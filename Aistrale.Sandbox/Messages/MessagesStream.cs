using System.Buffers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Messages;

/// <summary>
/// Events of a Messages stream, for example:
/// <code>
/// event: content_block_delta
/// data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}
/// </code>
/// Blocks follow each other: thinking, text, tool calls. The counts come twice, input at the start and all at the end.
/// </summary>
internal sealed class MessagesStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) : StreamFormat(exchange, output, framing)
{
    private int _index = -1;
    private Block _open;
    private bool _pinged;

    private enum Block
    {
        None,
        Thinking,
        Text,
        Tool,
    }

    public override void Open()
    {
        Framing.Begin(Output, "message_start"u8);
        Output.Raw("{\"type\":\"message_start\",\"message\":"u8);
        MessagesWire.WriteHead(Output, Exchange);
        Output.Raw(",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null"u8);
        if (Exchange.Usage is { } usage)
        {
            Output.Raw(",\"usage\":"u8);
            MessagesWire.WriteUsage(Output, Exchange, usage with { Reasoning = 0 }, Math.Min(1, usage.Output));
        }

        Output.Raw("}}"u8);
        Framing.End(Output);
        if (Exchange.Answer.Tokens == 0)
        {
            OpenText();
        }
    }

    public override void Close()
    {
        CloseBlock();
        Framing.Begin(Output, "message_delta"u8);
        Output.Raw("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"u8);
        Output.Text(MessagesWire.StopReason(Exchange.Answer));
        Output.Raw(",\"stop_sequence\":"u8);
        Output.Text(Exchange.Answer.StopSequence);
        Output.Raw("}"u8);
        if (Exchange.Usage is { } usage)
        {
            Output.Raw(",\"usage\":{\"input_tokens\":"u8);
            Output.Number(usage.Input - usage.Cached - usage.CacheWrites);
            Output.Raw(",\"cache_creation_input_tokens\":"u8);
            Output.Number(usage.CacheWrites);
            Output.Raw(",\"cache_read_input_tokens\":"u8);
            Output.Number(usage.Cached);
            Output.Raw(",\"output_tokens\":"u8);
            Output.Number(usage.Output);
            MessagesWire.WriteThinkingTokens(Output, usage);
            Output.Raw("}"u8);
        }

        Output.Raw("}"u8);
        Framing.End(Output);
    }

    public override void Terminate()
    {
        Framing.Begin(Output, "message_stop"u8);
        Output.Raw("{\"type\":\"message_stop\"}"u8);
        Framing.End(Output);
    }

    public override void Error(Fault fault)
    {
        Framing.Begin(Output, "error"u8);
        Exchange.Provider.WriteError(Output, Exchange, fault);
        Framing.End(Output);
    }

    public override void Ping()
    {
        Framing.Begin(Output, "ping"u8);
        Output.Raw("{\"type\":\"ping\"}"u8);
        Framing.End(Output);
    }

    protected override int Reasoning(ReadOnlySpan<byte> chunk, int index)
    {
        if (_open != Block.Thinking)
        {
            Start(Block.Thinking);
            Output.Raw("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"u8);
            EndStart();
        }

        BeginDelta();
        Output.Raw("{\"type\":\"thinking_delta\",\"thinking\":"u8);
        Output.Escaped(chunk);
        EndDelta();
        return 1;
    }

    protected override int Text(ReadOnlySpan<byte> chunk, int index)
    {
        if (_open != Block.Text)
        {
            OpenText();
        }

        BeginDelta();
        Output.Raw("{\"type\":\"text_delta\",\"text\":"u8);
        Output.Escaped(chunk);
        EndDelta();
        return 1;
    }

    protected override void ToolStart(ToolCall call)
    {
        Start(Block.Tool);
        Output.Raw("{\"type\":\"tool_use\",\"id\":"u8);
        Output.Text(MessagesWire.ToolUseId(Exchange, call));
        Output.Raw(",\"name\":"u8);
        Output.Text(call.Name);
        Output.Raw(",\"input\":{}}"u8);
        EndStart();
    }

    protected override int ToolFragment(ToolCall call, ReadOnlySpan<byte> fragment, bool last)
    {
        BeginDelta();
        Output.Raw("{\"type\":\"input_json_delta\",\"partial_json\":"u8);
        Output.Escaped(fragment);
        EndDelta();
        return 1;
    }

    private void OpenText()
    {
        Start(Block.Text);
        Output.Raw("{\"type\":\"text\",\"text\":\"\"}"u8);
        EndStart();
    }

    private void Start(Block block)
    {
        CloseBlock();
        _open = block;
        _index++;
        Framing.Begin(Output, "content_block_start"u8);
        Output.Raw("{\"type\":\"content_block_start\",\"index\":"u8);
        Output.Number(_index);
        Output.Raw(",\"content_block\":"u8);
    }

    private void EndStart()
    {
        Output.Raw("}"u8);
        Framing.End(Output);
        if (!_pinged)
        {
            // The service sends one ping after the first block start.
            _pinged = true;
            Ping();
        }
    }

    private void CloseBlock()
    {
        if (_open == Block.None)
        {
            return;
        }

        if (_open == Block.Thinking)
        {
            BeginDelta();
            Output.Raw("{\"type\":\"signature_delta\",\"signature\":"u8);
            Output.Text(Signature.OfEscaped(Exchange.Answer.Reasoning.All));
            EndDelta();
        }

        Framing.Begin(Output, "content_block_stop"u8);
        Output.Raw("{\"type\":\"content_block_stop\",\"index\":"u8);
        Output.Number(_index);
        Output.Raw("}"u8);
        Framing.End(Output);
        _open = Block.None;
    }

    private void BeginDelta()
    {
        Framing.Begin(Output, "content_block_delta"u8);
        Output.Raw("{\"type\":\"content_block_delta\",\"index\":"u8);
        Output.Number(_index);
        Output.Raw(",\"delta\":"u8);
    }

    private void EndDelta()
    {
        Output.Raw("}}"u8);
        Framing.End(Output);
    }
}
