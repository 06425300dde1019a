using System.Buffers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Responses;

/// <summary>
/// Events of a Responses stream; each carries its type and a running number, for example:
/// <code>
/// event: response.output_text.delta
/// data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_…","output_index":0,"content_index":0,"delta":"Hi","logprobs":[]}
/// </code>
/// There is no <c>[DONE]</c>: the last event is <c>response.completed</c>, <c>.incomplete</c> or <c>.failed</c>.
/// </summary>
internal sealed class ResponsesStream(Exchange exchange, IBufferWriter<byte> output, SseFraming framing) : StreamFormat(exchange, output, framing)
{
    private readonly string _messageId = ResponseObject.MessageId(exchange);
    private int _sequence;
    private int _index = -1;
    private Item _open;

    private enum Item
    {
        None,
        Reasoning,
        Message,
    }

    public override void Open()
    {
        Lifecycle("response.created"u8, "in_progress", complete: false);
        Lifecycle("response.in_progress"u8, "in_progress", complete: false);
        if (Exchange.Answer.Tokens == 0)
        {
            OpenMessage();
        }
    }

    /// <summary>Closes the open item; the counts come with the terminal event.</summary>
    public override void Close() => CloseItem();

    public override void Terminate()
    {
        var status = ResponseObject.FinalStatus(Exchange.Answer);
        Lifecycle(
            status switch
            {
                "incomplete" => "response.incomplete"u8,
                "failed" => "response.failed"u8,
                "cancelled" => "response.cancelled"u8,
                _ => "response.completed"u8,
            },
            status,
            complete: true);
    }

    public override void Error(Fault fault)
    {
        // Not as the reference documents it: the service nests the error (openai-dotnet issue 881).
        Begin("error"u8);
        Output.Raw(",\"error\":{\"type\":"u8);
        Output.Text(fault.Code ?? "server_error");
        Output.Raw(",\"code\":"u8);
        Output.Text(fault.Code ?? "server_error");
        Output.Raw(",\"message\":"u8);
        Output.Text(fault.Message);
        Output.Raw(",\"param\":null}"u8);
        End();
    }

    protected override int Reasoning(ReadOnlySpan<byte> chunk, int index)
    {
        if (_open != Item.Reasoning)
        {
            _open = Item.Reasoning;
            _index++;
            ItemAdded();
            ResponseObject.WriteReasoningItem(Output, Exchange, complete: false);
            End();
            SummaryEvent("response.reasoning_summary_part.added"u8);
            Output.Raw(",\"part\":{\"type\":\"summary_text\",\"text\":\"\"}"u8);
            End();
        }

        SummaryEvent("response.reasoning_summary_text.delta"u8);
        Output.Raw(",\"delta\":"u8);
        Output.Escaped(chunk);
        End();
        return 1;
    }

    protected override int Text(ReadOnlySpan<byte> chunk, int index)
    {
        if (_open != Item.Message)
        {
            CloseItem();
            OpenMessage();
        }

        TextEvent("response.output_text.delta"u8);
        Output.Raw(",\"delta\":"u8);
        Output.Escaped(chunk);
        Output.Raw(",\"logprobs\":[]"u8);
        End();
        return 1;
    }

    protected override void ToolStart(ToolCall call)
    {
        CloseItem();
        _index++;
        ItemAdded();
        ResponseObject.WriteCallItem(Output, Exchange, call, complete: false);
        End();
    }

    protected override int ToolFragment(ToolCall call, ReadOnlySpan<byte> fragment, bool last)
    {
        CallEvent("response.function_call_arguments.delta"u8, call);
        Output.Raw(",\"delta\":"u8);
        Output.Escaped(fragment);
        End();
        if (last)
        {
            CallEvent("response.function_call_arguments.done"u8, call);
            Output.Raw(",\"name\":"u8);
            Output.Text(call.Name);
            Output.Raw(",\"arguments\":"u8);
            Output.Escaped(call.Fragments.All);
            End();
            ItemDone();
            ResponseObject.WriteCallItem(Output, Exchange, call, complete: true);
            End();
        }

        return 1;
    }

    private void OpenMessage()
    {
        _open = Item.Message;
        _index++;
        ItemAdded();
        ResponseObject.WriteMessageItem(Output, Exchange, complete: false);
        End();
        TextEvent("response.content_part.added"u8);
        Output.Raw(",\"part\":"u8);
        ResponseObject.WriteTextPart(Output, []);
        End();
    }

    private void CloseItem()
    {
        var closing = _open;
        _open = Item.None;
        if (closing == Item.Reasoning)
        {
            SummaryEvent("response.reasoning_summary_text.done"u8);
            Output.Raw(",\"text\":"u8);
            Output.Escaped(Exchange.Answer.Reasoning.All);
            End();
            SummaryEvent("response.reasoning_summary_part.done"u8);
            Output.Raw(",\"part\":{\"type\":\"summary_text\",\"text\":"u8);
            Output.Escaped(Exchange.Answer.Reasoning.All);
            Output.Raw("}"u8);
            End();
            ItemDone();
            ResponseObject.WriteReasoningItem(Output, Exchange, complete: true);
            End();
        }
        else if (closing == Item.Message)
        {
            TextEvent("response.output_text.done"u8);
            Output.Raw(",\"text\":"u8);
            Output.Escaped(Exchange.Answer.Text.All);
            Output.Raw(",\"logprobs\":[]"u8);
            End();
            TextEvent("response.content_part.done"u8);
            Output.Raw(",\"part\":"u8);
            ResponseObject.WriteTextPart(Output, Exchange.Answer.Text.All);
            End();
            ItemDone();
            ResponseObject.WriteMessageItem(Output, Exchange, complete: true);
            End();
        }
    }

    private void Lifecycle(ReadOnlySpan<byte> type, string status, bool complete)
    {
        Begin(type);
        Output.Raw(",\"response\":"u8);
        ResponseObject.Write(Output, Exchange, status, complete);
        End();
    }

    private void ItemAdded()
    {
        Begin("response.output_item.added"u8);
        OutputIndex();
        Output.Raw(",\"item\":"u8);
    }

    private void ItemDone()
    {
        Begin("response.output_item.done"u8);
        OutputIndex();
        Output.Raw(",\"item\":"u8);
    }

    private void TextEvent(ReadOnlySpan<byte> type)
    {
        Begin(type);
        ItemId(_messageId);
        OutputIndex();
        Output.Raw(",\"content_index\":0"u8);
    }

    private void SummaryEvent(ReadOnlySpan<byte> type)
    {
        Begin(type);
        ItemId(ResponseObject.ReasoningId(Exchange));
        OutputIndex();
        Output.Raw(",\"summary_index\":0"u8);
    }

    private void CallEvent(ReadOnlySpan<byte> type, ToolCall call)
    {
        Begin(type);
        ItemId(ResponseObject.CallItemId(Exchange, call));
        OutputIndex();
    }

    private void ItemId(string id)
    {
        Output.Raw(",\"item_id\":"u8);
        Output.Text(id);
    }

    private void OutputIndex()
    {
        Output.Raw(",\"output_index\":"u8);
        Output.Number(_index);
    }

    private void Begin(ReadOnlySpan<byte> type)
    {
        Framing.Begin(Output, type);
        Output.Raw("{\"type\":\""u8);
        Output.Raw(type);
        Output.Raw("\",\"sequence_number\":"u8);
        Output.Number(_sequence++);
    }

    private void End()
    {
        Output.Raw("}"u8);
        Framing.End(Output);
    }
}
