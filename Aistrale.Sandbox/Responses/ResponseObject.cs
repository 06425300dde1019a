using System.Buffers;
using Aistrale.Sandbox.Providers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Responses;

/// <summary>The response object and its output items, whole answers and events sharing them.</summary>
internal static class ResponseObject
{
    public static string Id(Exchange exchange) => exchange.Seed.HexId($"resp_{ChainGuard.KeyTag(exchange)}", 40, purpose: 4);

    public static string MessageId(Exchange exchange) => exchange.Seed.HexId("msg_", 48, purpose: 5);

    public static string ReasoningId(Exchange exchange) => exchange.Seed.HexId("rs_", 48, purpose: 6);

    public static string CallItemId(Exchange exchange, ToolCall call) => exchange.Seed.HexId("fc_", 48, purpose: 500 + call.Index);

    public static string CallId(Exchange exchange, ToolCall call) => exchange.Seed.Id("call_", 24, purpose: 10 + call.Index);

    public static string FinalStatus(Answer answer) => answer.Stop switch
    {
        Stop.Length or Stop.ContentFilter => "incomplete",
        Stop.Verbatim when answer.Verbatim is "failed" or "cancelled" => answer.Verbatim,
        Stop.Verbatim => "incomplete",
        _ => "completed",
    };

    public static void Write(IBufferWriter<byte> output, Exchange exchange, string status, bool complete)
    {
        var (ask, body) = (exchange.Ask, exchange.Ask.Body);
        output.Raw("{\"id\":"u8);
        output.Text(Id(exchange));
        output.Raw(",\"object\":\"response\",\"created_at\":"u8);
        output.Number(exchange.CreatedAt);
        output.Raw(",\"status\":"u8);
        output.Text(status);
        output.Raw(",\"background\":false,\"error\":"u8);
        output.Raw(status == "failed" ? "{\"code\":\"server_error\",\"message\":\"The model failed, as directed.\"}"u8 : "null"u8);
        output.Raw(",\"incomplete_details\":"u8);
        WriteIncompleteDetails(output, exchange.Answer, status);
        output.Raw(",\"instructions\":"u8);
        output.Echo(body, "instructions"u8, "null"u8);
        output.Raw(",\"max_output_tokens\":"u8);
        output.Echo(body, "max_output_tokens"u8, "null"u8);
        output.Raw(",\"model\":"u8);
        output.Text(ask.Model);
        output.Raw(",\"output\":"u8);
        if (complete)
        {
            WriteOutput(output, exchange);
        }
        else
        {
            output.Raw("[]"u8);
        }

        output.Raw(",\"parallel_tool_calls\":"u8);
        output.Bool(!ask.OneToolAtMost);
        output.Raw(",\"previous_response_id\":"u8);
        output.Echo(body, "previous_response_id"u8, "null"u8);
        output.Raw(",\"reasoning\":"u8);
        output.Echo(body, "reasoning"u8, "{\"effort\":null,\"summary\":null}"u8);
        output.Raw(",\"service_tier\":"u8);
        output.Text(OpenAIProvider.Tier(ask, exchange.Script));
        output.Raw(",\"store\":"u8);
        output.Echo(body, "store"u8, "true"u8);
        output.Raw(",\"temperature\":"u8);
        output.Echo(body, "temperature"u8, "1.0"u8);
        output.Raw(",\"text\":"u8);
        output.Echo(body, "text"u8, "{\"format\":{\"type\":\"text\"}}"u8);
        output.Raw(",\"tool_choice\":"u8);
        output.Echo(body, "tool_choice"u8, "\"auto\""u8);
        output.Raw(",\"tools\":"u8);
        output.Echo(body, "tools"u8, "[]"u8);
        output.Raw(",\"top_p\":"u8);
        output.Echo(body, "top_p"u8, "1.0"u8);
        output.Raw(",\"truncation\":"u8);
        output.Echo(body, "truncation"u8, "\"disabled\""u8);
        output.Raw(",\"usage\":"u8);
        WriteUsage(output, complete ? exchange.Usage : null);
        output.Raw(",\"user\":null,\"metadata\":"u8);
        output.Echo(body, "metadata"u8, "{}"u8);
        output.Raw("}"u8);
    }

    public static void WriteReasoningItem(IBufferWriter<byte> output, Exchange exchange, bool complete)
    {
        output.Raw("{\"id\":"u8);
        output.Text(ReasoningId(exchange));
        output.Raw(",\"type\":\"reasoning\",\"summary\":["u8);
        if (complete)
        {
            output.Raw("{\"type\":\"summary_text\",\"text\":"u8);
            output.Escaped(exchange.Answer.Reasoning.All);
            output.Raw("}"u8);
        }

        output.Raw("]"u8);
        if (ChainGuard.WantsEncryptedReasoning(exchange.Ask.Body))
        {
            output.Raw(",\"encrypted_content\":"u8);
            output.Text(ChainGuard.Seal(exchange));
        }

        output.Raw("}"u8);
    }

    public static void WriteMessageItem(IBufferWriter<byte> output, Exchange exchange, bool complete)
    {
        output.Raw("{\"id\":"u8);
        output.Text(MessageId(exchange));
        output.Raw(complete ? ",\"type\":\"message\",\"status\":\"completed\",\"content\":["u8 : ",\"type\":\"message\",\"status\":\"in_progress\",\"content\":["u8);
        if (complete)
        {
            WriteTextPart(output, exchange.Answer.Text.All);
        }

        output.Raw("],\"role\":\"assistant\"}"u8);
    }

    public static void WriteTextPart(IBufferWriter<byte> output, ReadOnlySpan<byte> escaped)
    {
        output.Raw("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":"u8);
        output.Escaped(escaped);
        output.Raw("}"u8);
    }

    public static void WriteCallItem(IBufferWriter<byte> output, Exchange exchange, ToolCall call, bool complete)
    {
        output.Raw("{\"id\":"u8);
        output.Text(CallItemId(exchange, call));
        output.Raw(complete ? ",\"type\":\"function_call\",\"status\":\"completed\",\"arguments\":"u8 : ",\"type\":\"function_call\",\"status\":\"in_progress\",\"arguments\":"u8);
        output.Escaped(complete ? call.Fragments.All : []);
        output.Raw(",\"call_id\":"u8);
        output.Text(CallId(exchange, call));
        output.Raw(",\"name\":"u8);
        output.Text(call.Name);
        output.Raw("}"u8);
    }

    private static void WriteOutput(IBufferWriter<byte> output, Exchange exchange)
    {
        var answer = exchange.Answer;
        var any = false;
        output.Raw("["u8);
        if (answer.Reasoning.Count > 0)
        {
            WriteReasoningItem(output, exchange, complete: true);
            any = true;
        }

        if (answer.Text.Count > 0 || answer.ToolCalls.Count == 0)
        {
            output.Raw(any ? ","u8 : ""u8);
            WriteMessageItem(output, exchange, complete: true);
            any = true;
        }

        foreach (var call in answer.ToolCalls)
        {
            output.Raw(any ? ","u8 : ""u8);
            WriteCallItem(output, exchange, call, complete: true);
            any = true;
        }

        output.Raw("]"u8);
    }

    private static void WriteIncompleteDetails(IBufferWriter<byte> output, Answer answer, string status)
    {
        if (status != "incomplete")
        {
            output.Raw("null"u8);
            return;
        }

        output.Raw("{\"reason\":"u8);
        output.Text(answer.Stop switch { Stop.Length => "max_output_tokens", Stop.ContentFilter => "content_filter", _ => answer.Verbatim });
        output.Raw("}"u8);
    }

    private static void WriteUsage(IBufferWriter<byte> output, TokenUsage? usage)
    {
        if (usage is null)
        {
            output.Raw("null"u8);
            return;
        }

        output.Raw("{\"input_tokens\":"u8);
        output.Number(usage.Input);
        output.Raw(",\"input_tokens_details\":{\"cached_tokens\":"u8);
        output.Number(usage.Cached);
        if (usage.CacheWrites > 0)
        {
            output.Raw(",\"cache_write_tokens\":"u8);
            output.Number(usage.CacheWrites);
        }

        output.Raw("},\"output_tokens\":"u8);
        output.Number(usage.Output);
        output.Raw(",\"output_tokens_details\":{\"reasoning_tokens\":"u8);
        output.Number(usage.Reasoning);
        output.Raw("},\"total_tokens\":"u8);
        output.Number(usage.Total);
        output.Raw("}"u8);
    }
}
