using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Aistrale.Core.Inference;
using Microsoft.AspNetCore.Http.Features;

namespace Aistrale.ApiService.Gateway;

/// <summary>The answer as HTTP.</summary>
internal sealed class HttpAnswerBody(HttpContext context) : IAnswerBody
{
    public bool HasStarted { get; private set; }

    public PipeWriter Output => context.Response.BodyWriter;

    public void SetHeader(string name, string value) => context.Response.Headers[name] = Carriable(value);

    public void Start(int status, string contentType, long? contentLength = null)
    {
        HasStarted = true;
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = contentLength;
        if (contentType == "text/event-stream")
        {
            // Asks proxies on the way to pass each event on as it comes.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        }
    }

    // A model or a provider's header may hold any character. HTTP carries ASCII without control characters, and Kestrel throws on the rest.
    private static string Carriable(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return value;
        }

        var encoded = new StringBuilder(value.Length * 3);
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            _ = octet is >= (byte)' ' and <= (byte)'~' ? encoded.Append((char)octet) : encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
