using System.Buffers;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

/// <summary>Providers whose errors look like <c>{"error":{"message":"…","type":"…","param":null,"code":null}}</c>.</summary>
internal abstract class OpenAIShapedProvider : Provider
{
    public override Fault MissingKey => new(StatusCodes.Status401Unauthorized, FaultKind.MissingKey, "No API key was sent. Send one as 'Authorization: Bearer sandbox-…'.");

    public override Fault InvalidKey => new(StatusCodes.Status401Unauthorized, FaultKind.InvalidKey, "The API key is not valid. The sandbox takes any key that begins with 'sandbox-'.", "invalid_api_key");

    public override Fault UnknownModel(Exchange exchange) => new(
        StatusCodes.Status404NotFound,
        FaultKind.UnknownModel,
        $"The model '{exchange.Ask.Model}' does not exist, or this key has no access to it.",
        "model_not_found");

    /// <summary>Type and code of an error; a code in the fault wins over the code given here.</summary>
    protected virtual (string Type, string? Code) Classify(Fault fault) => fault.Status switch
    {
        _ when fault.Code == "insufficient_quota" => ("insufficient_quota", "insufficient_quota"),
        401 => ("invalid_request_error", fault.Kind == FaultKind.MissingKey ? null : "invalid_api_key"),
        402 => ("invalid_request_error", "billing_not_active"),
        403 => ("permission_error", null),
        404 => ("invalid_request_error", fault.Kind == FaultKind.UnknownRoute ? null : "model_not_found"),
        408 => ("timeout", null),
        409 => ("conflict", null),
        413 => ("invalid_request_error", "request_too_large"),
        429 => ("requests", "rate_limit_exceeded"),
        >= 500 => ("server_error", null),
        _ => ("invalid_request_error", null),
    };

    public override void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault)
    {
        var (type, code) = Classify(fault);
        output.Raw("{\"error\":{\"message\":"u8);
        output.Text(fault.Message);
        output.Raw(",\"type\":"u8);
        output.Text(type);
        output.Raw(",\"param\":"u8);
        output.Text(fault.Param);
        output.Raw(",\"code\":"u8);
        output.Text(fault.Code ?? code);
        output.Raw("}}"u8);
    }
}
