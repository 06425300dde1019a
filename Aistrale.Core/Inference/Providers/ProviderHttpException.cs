using Aistrale.Core.Inference.Usage;

namespace Aistrale.Core.Inference.Providers;

/// <summary>
/// A provider refused a call. Carries what <see cref="ProviderErrorReader"/> needs; the message never quotes the body, which may hold a key.
/// </summary>
internal sealed class ProviderHttpException(int status, ReadOnlyMemory<byte> body, ProviderErrorHeaders headers)
    : Exception($"The provider answered with status {status}.")
{
    /// <summary>The HTTP status; for an error inside a 200, the one that it stands for.</summary>
    public int Status { get; } = status;

    /// <summary>At most <see cref="ProviderErrorReader.MaxBodyBytes"/> of the answer, raw: not for callers and not for logs.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    public ProviderErrorHeaders Headers { get; } = headers;

    public UpstreamError ReadError(DateTimeOffset now) => ProviderErrorReader.Read(Status, Headers, Body.Span, now);
}
