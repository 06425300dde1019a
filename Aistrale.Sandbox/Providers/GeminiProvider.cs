using System.Buffers;
using System.Text;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

internal sealed class GeminiProvider : Provider
{
    private static readonly (string Id, string Name, string Methods)[] Known =
    [
        ("gemini-3.8-flash", "Gemini 3.8 Flash", Chat), ("gemini-3.5-flash", "Gemini 3.5 Flash", Chat), ("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", Chat),
        ("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", Chat), ("gemini-2.5-pro", "Gemini 2.5 Pro", Chat), ("gemini-2.5-flash", "Gemini 2.5 Flash", Chat),
        ("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", Chat), ("gemini-embedding-001", "Gemini Embedding 001", "\"embedContent\",\"batchEmbedContents\",\"countTokens\""),
    ];

    private const string Chat = "\"generateContent\",\"countTokens\",\"batchGenerateContent\"";

    public override string Name => "gemini";

    // One answer for both: here, a key that is missing or not in its header is a bad argument.
    public override Fault MissingKey => InvalidKey with { Kind = FaultKind.MissingKey };

    public override Fault InvalidKey => new(StatusCodes.Status400BadRequest, FaultKind.InvalidKey, "API key not valid: send one that begins with 'sandbox-' in the header x-goog-api-key.");

    public override string ErrorContentType => "application/json; charset=UTF-8";

    public override byte[] Models { get; } = Encoding.UTF8.GetBytes(
        "{\"models\":[" + string.Join(',', Known.Select(m => $$"""
        {"name":"models/{{m.Id}}","version":"001","displayName":"{{m.Name}}","description":"As played by the sandbox.","inputTokenLimit":1048576,"outputTokenLimit":65536,"supportedGenerationMethods":[{{m.Methods}}],"temperature":1,"topP":0.95,"topK":64,"maxTemperature":2}
        """.Trim())) + "]}");

    // Never the query: a key in an address ends up in logs.
    public override string? ReadKey(HttpRequest request) => request.Headers["x-goog-api-key"].ToString();

    public override Fault UnknownModel(Exchange exchange) => new(
        StatusCodes.Status404NotFound,
        FaultKind.UnknownModel,
        $"models/{exchange.Ask.Model} is not found for API version v1beta, or does not have this method. List the models to see what there is.");

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers) =>
        // No request id and no rate limits.
        headers["server-timing"] = "gfet4t7; dur=12";

    public override void AddErrorHeaders(Exchange exchange, Fault fault, IHeaderDictionary headers) =>
        // The delay stands in the body, as RetryInfo.
        AddHeaders(exchange, headers);

    public override void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        output.Raw("{\"error\":{\"code\":"u8);
        output.Number(fault.Status);
        output.Raw(",\"message\":"u8);
        output.Text(fault.Message);
        output.Raw(",\"status\":"u8);
        output.Text(fault.Code ?? StatusOf(fault.Status));
        if (fault.Kind is FaultKind.InvalidKey or FaultKind.MissingKey)
        {
            output.Raw(",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\",\"metadata\":{\"service\":\"generativelanguage.googleapis.com\"}}]"u8);
        }
        else if (fault.Status == StatusCodes.Status429TooManyRequests)
        {
            WriteQuota(output, exchange, fault);
        }
        else if (fault.RetryAfterS is { } seconds)
        {
            output.Raw(",\"details\":["u8);
            WriteRetryInfo(output, seconds);
            output.Raw("]"u8);
        }

        output.Raw("}}"u8);
    }

    private static void WriteQuota(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        output.Raw(",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaMetric\":\"generativelanguage.googleapis.com/generate_requests_per_model\",\"quotaId\":\"GenerateRequestsPerMinutePerProjectPerModel\",\"quotaDimensions\":{\"location\":\"global\",\"model\":"u8);
        output.Text(exchange.Ask.Model);
        output.Raw("},\"quotaValue\":\"1000\"}]}"u8);
        if (fault.RetryAfterS is { } seconds)
        {
            output.Raw(","u8);
            WriteRetryInfo(output, seconds);
        }

        output.Raw("]"u8);
    }

    private static void WriteRetryInfo(IBufferWriter<byte> output, int seconds)
    {
        output.Raw("{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\""u8);
        output.Number(seconds);
        output.Raw("s\"}"u8);
    }

    private static string StatusOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        408 or 504 => "DEADLINE_EXCEEDED",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        501 => "UNIMPLEMENTED",
        >= 500 => "UNAVAILABLE",
        _ => "INVALID_ARGUMENT",
    };
}
