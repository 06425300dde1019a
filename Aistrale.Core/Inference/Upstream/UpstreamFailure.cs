using System.ClientModel;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Aistrale.Contracts;
using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Usage;
using Anthropic.Exceptions;

namespace Aistrale.Core.Inference.Upstream;

/// <summary>Says in the engine's terms why an attempt did not succeed. What the tap saw counts more than what an SDK threw.</summary>
internal static class UpstreamFailure
{
    /// <summary>Failures of the wire and of what came over it. Anything else is our own bug and must not be mistaken for the provider's.</summary>
    public static bool IsUpstream(Exception exception) => exception is OperationCanceledException or HttpRequestException or IOException or SocketException
        or JsonException or ClientResultException or AnthropicException or ProviderHttpException or UpstreamProtocolException or SseEventTooLargeException;

    public static CallEnd Explain(UpstreamCall upstream)
    {
        if (upstream.CallerIsGone)
        {
            return CallEnd.ClientCancelled;
        }

        if (Error(upstream) is { } error)
        {
            return new CallEnd(UsageStatuses.Error, error);
        }

        return upstream.Observation.FirstContentSeen ? Interrupted(upstream, "broke off before the answer was complete") : new CallEnd(UsageStatuses.Error, Generic(upstream));
    }

    /// <summary>The stream closed without its dialect's end.</summary>
    public static CallEnd Truncated(UpstreamCall upstream)
    {
        if ((Error(upstream) ?? (upstream.Observation.FirstContentSeen ? null : Generic(upstream))) is { } error)
        {
            return new CallEnd(UsageStatuses.Error, error);
        }

        return Interrupted(upstream, "closed the stream before the answer was complete");
    }

    private static CallEnd Interrupted(UpstreamCall upstream, string what) =>
        new(UsageStatuses.Interrupted, new InferenceError(502, ErrorCodes.StreamInterrupted, $"{upstream.Target.Provider.DisplayName} {what}."));

    private static InferenceError? Error(UpstreamCall upstream)
    {
        var name = upstream.Target.Provider.DisplayName;
        if (upstream.CredentialUnreadable)
        {
            return new InferenceError(400, ErrorCodes.NoProviderToken, $"The {name} token '{upstream.Target.Token.Label}' cannot be used at its present base URL. Enter its secret again in the console.");
        }

        if (upstream.TimedOut)
        {
            return new InferenceError(504, ErrorCodes.ProviderTimeout, $"{name} did not answer in time.");
        }

        return (upstream.Refusal ?? upstream.Observation.InBandError) is { } refusal ? FromProvider(refusal, name, upstream.Credential) : null;
    }

    // A redirect, however well it is worded, is not passed on: it would send the caller, with its Aistrale key, to a place that we do not name.
    private static InferenceError FromProvider(UpstreamError refusal, string name, Secret? credential) => refusal is { IsParsed: true, Status: >= 400 and <= 599 }
        ? new InferenceError(
            refusal.Status,
            refusal.Code ?? refusal.Type ?? ErrorCodes.ProviderError,
            // Known key shapes are gone already; a private server's key has none.
            Without(credential, refusal.Message) ?? $"{name} refused the call with status {refusal.Status.ToString(CultureInfo.InvariantCulture)}.",
            refusal.Type,
            refusal.Param,
            RetryAfter(refusal))
        : new InferenceError(502, ErrorCodes.ProviderError, $"{name} answered with status {refusal.Status.ToString(CultureInfo.InvariantCulture)} and nothing that can be read.", RetryAfter: RetryAfter(refusal));

    private static string? Without(Secret? credential, string? message) =>
        credential?.Reveal() is { Length: > 0 } secret ? message?.Replace(secret, "***", StringComparison.Ordinal) : message;

    private static InferenceError Generic(UpstreamCall upstream)
    {
        var name = upstream.Target.Provider.DisplayName;
        return upstream.Status is null
            ? new InferenceError(502, ErrorCodes.ProviderError, $"{name} could not be reached.")
            : new InferenceError(502, ErrorCodes.ProviderError, $"{name}'s answer could not be read.");
    }

    private static TimeSpan? RetryAfter(UpstreamError refusal) =>
        refusal.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) : null;
}
