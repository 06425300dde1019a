namespace Aistrale.Core.Inference.Providers;

/// <summary>An answer that began well did not keep to its protocol, so what was received must not count as success.</summary>
internal sealed class UpstreamProtocolException(UpstreamFault fault, Exception? cause = null)
    : IOException(Describe(fault), cause)
{
    public UpstreamFault Fault { get; } = fault;

    private static string Describe(UpstreamFault fault) => fault switch
    {
        UpstreamFault.Truncated => "The provider's answer ended before it was complete.",
        UpstreamFault.TooLarge => "The provider's answer is larger than allowed.",
        _ => "The provider's answer cannot be read.",
    };
}

internal enum UpstreamFault
{
    /// <summary>A clean end of the connection before the dialect's own end.</summary>
    Truncated,
    Malformed,
    TooLarge,
}
