using System.Buffers;
using System.Text;
using System.Text.Json;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

internal sealed class GroqProvider : OpenAIShapedProvider
{
    private static readonly (string Id, string Owner, int Context)[] Known =
    [
        ("llama-3.3-70b-versatile", "Meta", 131072), ("llama-3.1-8b-instant", "Meta", 131072),
        ("openai/gpt-oss-120b", "OpenAI", 131072), ("openai/gpt-oss-20b", "OpenAI", 131072),
        ("qwen/qwen3-32b", "Alibaba Cloud", 131072), ("moonshotai/kimi-k2-instruct", "Moonshot AI", 262144),
    ];

    public override string Name => "groq";

    public override byte[] Models { get; } = Encoding.UTF8.GetBytes(
        "{\"object\":\"list\",\"data\":[" + string.Join(',', Known.Select(m => $$"""
        {"id":"{{m.Id}}","object":"model","created":1693721698,"owned_by":"{{m.Owner}}","active":true,"context_window":{{m.Context}},"public_apps":null,"max_completion_tokens":32768}
        """.Trim())) + "]}");

    /// <summary>Request fields that Groq refuses although Chat Completions has them.</summary>
    public override Fault? Check(Exchange exchange)
    {
        var body = exchange.Ask.Body;
        foreach (var name in (ReadOnlySpan<string>)["logprobs", "top_logprobs", "logit_bias"])
        {
            if (body.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            {
                return Fault.Invalid($"Groq does not take '{name}'; remove it from the request.", name);
            }
        }

        if (exchange.Ask.Choices != 1)
        {
            return Fault.Invalid("Groq takes n = 1 only.", "n");
        }

        if (body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var message in messages.EnumerateArray())
            {
                if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("name", out _) && message.TryGetProperty("role", out var role) && !role.ValueEquals("tool"))
                {
                    return Fault.Invalid($"Groq does not take 'messages.{index}.name'; remove it from the request.", $"messages.{index}.name");
                }

                index++;
            }
        }

        return null;
    }

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers)
    {
        headers["x-request-id"] = exchange.RequestId;
        headers["x-groq-region"] = "sandbox";
        // Requests are counted per day, tokens per minute.
        headers["x-ratelimit-limit-requests"] = "14400";
        headers["x-ratelimit-limit-tokens"] = "18000";
        headers["x-ratelimit-remaining-requests"] = "14399";
        headers["x-ratelimit-remaining-tokens"] = "17900";
        headers["x-ratelimit-reset-requests"] = "6s";
        headers["x-ratelimit-reset-tokens"] = "333ms";
    }

    public override void AddErrorHeaders(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
        AddHeaders(exchange, headers);
        if (fault.Status == StatusCodes.Status429TooManyRequests)
        {
            // The only status with Retry-After here.
            base.AddErrorHeaders(exchange, fault, headers);
            headers["x-ratelimit-remaining-tokens"] = "0";
        }
    }

    public override void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        var (type, code) = Classify(fault);
        output.Raw("{\"error\":{\"message\":"u8);
        output.Text(fault.Message);
        output.Raw(",\"type\":"u8);
        output.Text(type);
        if (fault.Param is not null)
        {
            output.Raw(",\"param\":"u8);
            output.Text(fault.Param);
        }

        if ((fault.Code ?? code) is { } given)
        {
            output.Raw(",\"code\":"u8);
            output.Text(given);
        }

        output.Raw("}}"u8);
    }

    protected override (string Type, string? Code) Classify(Fault fault) => fault.Status switch
    {
        404 when fault.Kind == FaultKind.UnknownRoute => ("invalid_request_error", "unknown_url"),
        401 => ("invalid_request_error", "invalid_api_key"),
        // A request above the per-minute allowance is too large for good, and says so with the code of a rate limit.
        413 => ("tokens", "rate_limit_exceeded"),
        429 => ("tokens", "rate_limit_exceeded"),
        498 => ("flex_capacity", "capacity_exceeded"),
        >= 500 => ("internal_server_error", null),
        _ => base.Classify(fault),
    };
}
