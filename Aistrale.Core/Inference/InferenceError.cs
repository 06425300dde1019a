namespace Aistrale.Core.Inference;

/// <summary>
/// What went wrong with a call, before it is put into the caller's dialect. From a provider it keeps status, type, code, parameter and
/// Retry-After; the message is short and scrubbed of key shapes (never the provider's raw bytes).
/// </summary>
/// <param name="Status">HTTP status of the answer, if it has not begun yet.</param>
/// <param name="Code">One of <see cref="Contracts.ErrorCodes"/>, or the provider's own code.</param>
public sealed record InferenceError(
    int Status,
    string Code,
    string Message,
    string? Type = null,
    string? Param = null,
    TimeSpan? RetryAfter = null);
