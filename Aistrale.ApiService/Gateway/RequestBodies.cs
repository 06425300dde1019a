using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace Aistrale.ApiService.Gateway;

/// <summary>Reads whole request bodies of the gateway, up to its limit.</summary>
internal static class RequestBodies
{
    public const long MaxBytes = 32 * 1024 * 1024;
    private const long MaxDrainedBytes = 4 * MaxBytes;

    /// <exception cref="BadHttpRequestException">413: the body is larger than <see cref="MaxBytes"/>.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBytes)
        {
            await DrainAsync(context);
            throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // Many clients send everything before they read anything: refused at the first byte, they would see a broken connection and no reason.
    private static async Task DrainAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxDrainedBytes || context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } limit)
        {
            return;
        }

        limit.MaxRequestBodySize = MaxDrainedBytes;
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
    }
}
