using System.Buffers;
using System.Globalization;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Providers;

/// <summary>What differs from provider to provider on whatever wire format: key, errors, headers, models.</summary>
internal abstract class Provider
{
    public abstract string Name { get; }

    public abstract Fault MissingKey { get; }

    public abstract Fault InvalidKey { get; }

    public virtual string ErrorContentType => "application/json";

    /// <summary>The answer of <c>GET /models</c>.</summary>
    public abstract byte[] Models { get; }

    public virtual string? ReadKey(HttpRequest request) => Bearer(request);

    public abstract Fault UnknownModel(Exchange exchange);

    /// <summary>Requests that are right for the wire format but that this provider refuses.</summary>
    public virtual Fault? Check(Exchange exchange) => null;

    public abstract void AddHeaders(Exchange exchange, IHeaderDictionary headers);

    public virtual void AddErrorHeaders(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
        AddHeaders(exchange, headers);
        if (fault.RetryAfterS is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The error as one JSON object.</summary>
    public abstract void WriteError(IBufferWriter<byte> output, Exchange exchange, Fault fault);

    protected static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
