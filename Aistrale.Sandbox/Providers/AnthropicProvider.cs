using System.Buffers;
using System.Globalization;
using System.Text;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

internal sealed class AnthropicProvider : Provider
{
    private static readonly (string Id, string Name, string Created)[] Known =
    [
        ("claude-fable-5-1", "Claude Fable 5.1", "2026-09-01"), ("claude-opus-5-5", "Claude Opus 5.5", "2026-08-01"), ("claude-opus-5", "Claude Opus 5", "2026-04-01"),
        ("claude-sonnet-5", "Claude Sonnet 5", "2026-05-01"), ("claude-sonnet-4-6", "Claude Sonnet 4.6", "2026-02-01"), ("claude-sonnet-4-5", "Claude Sonnet 4.5", "2025-09-29"),
        ("claude-haiku-4-5", "Claude Haiku 4.5", "2025-10-01"),
    ];

    public override string Name => "anthropic";

    public override Fault MissingKey => new(StatusCodes.Status401Unauthorized, FaultKind.MissingKey, "x-api-key header is required");

    public override Fault InvalidKey => new(StatusCodes.Status401Unauthorized, FaultKind.InvalidKey, "invalid x-api-key: the sandbox takes any key that begins with 'sandbox-'");

    public override byte[] Models { get; } = Encoding.UTF8.GetBytes(
        "{\"data\":[" + string.Join(',', Known.Select(m => $$"""{"type":"model","id":"{{m.Id}}","display_name":"{{m.Name}}","created_at":"{{m.Created}}T00:00:00Z"}"""))
        + $$"""],"has_more":false,"first_id":"{{Known[0].Id}}","last_id":"{{Known[^1].Id}}"}""");

    public override string? ReadKey(HttpRequest request) => request.Headers["x-api-key"] is [{ Length: > 0 } key, ..] ? key : Bearer(request);

    public override Fault UnknownModel(Exchange exchange) =>
        new(StatusCodes.Status404NotFound, FaultKind.UnknownModel, $"model: {exchange.Ask.Model}");

    public override Fault? Check(Exchange exchange) =>
        exchange.Http.Request.Headers["anthropic-version"].Count == 0 ? Fault.Invalid("anthropic-version: header is required") : null;

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers)
    {
        var reset = exchange.StartedAt.AddSeconds(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        headers["request-id"] = exchange.RequestId;
        headers["anthropic-organization-id"] = "00000000-0000-4000-8000-000000000000";
        headers["anthropic-ratelimit-requests-limit"] = "4000";
        headers["anthropic-ratelimit-requests-remaining"] = "3999";
        headers["anthropic-ratelimit-requests-reset"] = reset;
        headers["anthropic-ratelimit-tokens-limit"] = "480000";
        headers["anthropic-ratelimit-tokens-remaining"] = "479000";
        headers["anthropic-ratelimit-tokens-reset"] = reset;
        headers["anthropic-ratelimit-input-tokens-limit"] = "400000";
        headers["anthropic-ratelimit-input-tokens-remaining"] = "399000";
        headers["anthropic-ratelimit-input-tokens-reset"] = reset;
        headers["anthropic-ratelimit-output-tokens-limit"] = "80000";
        headers["anthropic-ratelimit-output-tokens-remaining"] = "79000";
        headers["anthropic-ratelimit-output-tokens-reset"] = reset;
    }

    public override void AddErrorHeaders(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
        if (fault.Kind is FaultKind.Scripted)
        {
            base.AddErrorHeaders(exchange, fault, headers);
        }
        else
        {
            headers["request-id"] = exchange.RequestId;
        }
    }

    public override void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        output.Raw("{\"type\":\"error\",\"error\":{\"type\":"u8);
        output.Text(fault.Code ?? (fault.Kind == FaultKind.MidStream ? "overloaded_error" : TypeOf(fault.Status)));
        output.Raw(",\"message\":"u8);
        output.Text(fault.Message);
        output.Raw("},\"request_id\":"u8);
        output.Text(exchange.RequestId);
        output.Raw("}"u8);
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
