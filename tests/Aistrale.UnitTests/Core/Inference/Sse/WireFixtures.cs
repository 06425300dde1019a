using System.Text;

namespace Aistrale.UnitTests.Core.Inference.Sse;

/// <summary>The four dialects' streams and whole answers of one and the same call: input 20 (4 fresh, 16 from cache), output 9 (4 of it reasoning), ending in a tool call.</summary>
internal static class WireFixtures
{
    public const string ChatStream = """
        data: {"id":"c1","object":"chat.completion.chunk","model":"m","service_tier":"default","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}],"usage":null}

        data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":" ça va 👋"},"finish_reason":null}],"usage":null}

        data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}],"usage":null}

        data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]},"finish_reason":null}],"usage":null}

        data: {"id":"c1","object":"chat.completion.chunk","model":"m","service_tier":"flex","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}

        data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}

        data: [DONE]


        """;

    public const string ChatBody = """
        {"id":"c1","object":"chat.completion","model":"m","service_tier":"flex","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":"Hi",
         "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}}],
         "usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}
        """;

    public const string ResponsesStream = """
        event: response.created
        data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","model":"m","output":[]}}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","content":[]}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi"}

        event: response.output_text.done
        data: {"type":"response.output_text.done","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hi"}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":4,"output_index":1,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":""}}

        event: response.function_call_arguments.delta
        data: {"type":"response.function_call_arguments.delta","sequence_number":5,"item_id":"fc_1","output_index":1,"delta":"{\"a\":1}"}

        event: response.completed
        data: {"type":"response.completed","sequence_number":6,"response":{"id":"resp_1","status":"completed","model":"m","service_tier":"flex","incomplete_details":null,"error":null,"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}"}],"usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":16},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":29}}}


        """;

    public const string ResponsesBody = """
        {"id":"resp_1","object":"response","status":"completed","model":"m","service_tier":"flex","incomplete_details":null,"error":null,
         "output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}"}],
         "usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":16},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":29}}
        """;

    public const string MessagesStream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"usage":{"input_tokens":4,"cache_read_input_tokens":16,"cache_creation_input_tokens":0,"output_tokens":1,"service_tier":"flex"}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    public const string MessagesBody = """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","stop_sequence":null,
         "content":[{"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"text","text":"Hi"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}],
         "usage":{"input_tokens":4,"cache_read_input_tokens":16,"cache_creation_input_tokens":0,"output_tokens":9,"output_tokens_details":{"thinking_tokens":4},"service_tier":"flex"}}
        """;

    public const string GeminiStreamLf = """
        data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"index":0}],"usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":16,"totalTokenCount":20,"serviceTier":"flex"},"modelVersion":"m","responseId":"r1"}

        data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":16,"candidatesTokenCount":5,"thoughtsTokenCount":4,"totalTokenCount":29},"modelVersion":"m","responseId":"r1"}


        """;

    public const string GeminiBody = """
        {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP","index":0}],
         "usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":16,"candidatesTokenCount":5,"thoughtsTokenCount":4,"totalTokenCount":29,"serviceTier":"flex"},"modelVersion":"m","responseId":"r1"}
        """;

    /// <summary>Gemini frames its stream with CRLF.</summary>
    public static string GeminiStream { get; } = GeminiStreamLf.Replace("\n", "\r\n", StringComparison.Ordinal);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
