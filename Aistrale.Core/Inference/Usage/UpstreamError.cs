namespace Aistrale.Core.Inference.Usage;

/// <summary>
/// What a provider said went wrong, safe to show: bounded, with everything that looks like a key removed.
/// <c>Status</c> is the HTTP status, or for an error inside a 200 the one that its type or code stands for (502 when it stands for none).
/// <c>Message</c> is null when the provider gave none that may pass. <c>IsParsed</c> is false when the body was no known error shape
/// (HTML, empty, cut off): answer 502 <c>provider_error</c>.
/// </summary>
public sealed record UpstreamError(
    int Status,
    string? Type,
    string? Code,
    string? Param,
    string? Message,
    double? RetryAfterSeconds,
    bool IsParsed);
