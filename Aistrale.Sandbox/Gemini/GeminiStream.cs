using System.Buffers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Gemini;

/// <summary>
/// Every chunk is a whole response with new text and the counts so far, for example (lines end with CR LF):
/// <code>data: {"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":4,"totalTokenCount":5},"modelVersion":"m","responseId":"r"}</code>
/// Without <c>alt=sse</c> the chunks are the elements of one JSON array.
/// </summary>
internal sealed class GeminiStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing, bool isSse) : StreamFormat(exchange, output, framing)
{
    private int _thoughts;
    private int _tokens;
    private bool _any;

    public override void Open()
    {
        // The first chunk already has text.
    }

    public override void Close()
    {
        // The stop reason is the terminal event here.
    }

    public override void Terminate()
    {
        BeginChunk();
        if (GeminiWire.IsBlocked(Exchange.Answer))
        {
            GeminiWire.WriteBlocked(Output, Exchange);
        }
        else
        {
            Output.Raw("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":"u8);
            Output.Text(GeminiWire.FinishReason(Exchange.Answer));
            Output.Raw(",\"index\":0}]"u8);
            GeminiWire.WriteTail(Output, Exchange, Exchange.Usage);
        }

        EndChunk();
        if (!isSse)
        {
            Output.Raw("]"u8);
        }
    }

    public override void Error(Fault fault)
    {
        BeginChunk();
        Exchange.Provider.WriteError(Output, Exchange, fault);
        EndChunk();
        if (!isSse)
        {
            Output.Raw("]"u8);
        }
    }

    public override void Ping()
    {
        if (isSse)
        {
            base.Ping();
        }
        else
        {
            Output.Raw("\n"u8);
        }
    }

    protected override int Reasoning(ReadOnlySpan<byte> chunk, int index)
    {
        _thoughts++;
        BeginContent();
        GeminiWire.WriteThought(Output, chunk);
        EndContent();
        return 1;
    }

    protected override int Text(ReadOnlySpan<byte> chunk, int index)
    {
        _tokens++;
        BeginContent();
        Output.Raw("{\"text\":"u8);
        Output.Escaped(chunk);
        Output.Raw("}"u8);
        EndContent();
        return 1;
    }

    protected override void ToolStart(ToolCall call)
    {
        // Calls are not cut into fragments here.
    }

    protected override int ToolFragment(ToolCall call, ReadOnlySpan<byte> fragment, bool last)
    {
        if (!last)
        {
            return 0;
        }

        _tokens += call.Fragments.Count;
        BeginContent();
        GeminiWire.WriteCall(Output, call);
        EndContent();
        return call.Fragments.Count;
    }

    private void BeginContent()
    {
        BeginChunk();
        Output.Raw("{\"candidates\":[{\"content\":{\"parts\":["u8);
    }

    private void EndContent()
    {
        Output.Raw("],\"role\":\"model\"},\"index\":0}]"u8);
        GeminiWire.WriteTail(Output, Exchange, Exchange.Usage is { } usage ? usage with { Output = _tokens + _thoughts, Reasoning = _thoughts } : null);
        EndChunk();
    }

    private void BeginChunk()
    {
        if (isSse)
        {
            Framing.Begin(Output);
            return;
        }

        Output.Raw(_any ? ",\r\n"u8 : "["u8);
        _any = true;
    }

    private void EndChunk()
    {
        if (isSse)
        {
            Framing.End(Output);
        }
    }
}
