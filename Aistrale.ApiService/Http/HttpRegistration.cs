using System.Text.Json.Serialization;
using Aistrale.ApiService.Gateway;
using Aistrale.Core.Inference;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Scalar.AspNetCore;

namespace Aistrale.ApiService.Http;

internal static class HttpRegistration
{
    private const long MaxConsoleBodyBytes = 1024 * 1024;

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PublicOrigins>().AddSingleton<CallFactory>();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
            context.ProblemDetails.Extensions.TryAdd("code", Problems.Code(status));
            context.ProblemDetails.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToHexString();
        });
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = MaxConsoleBodyBytes);

        // Inside the ten seconds that an orderly stop may take; a stream that still runs then ends as interrupted, on record.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.AllowDuplicateProperties = false;
        });

        // Web forwards the browser's address; nobody else is believed.
        builder.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor);
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => WriteBareStatusAsync(context.HttpContext));
        app.UseRouting();
        app.UseMiddleware<FetchMetadataMiddleware>();
    }

    /// <summary><c>/openapi/v1.json</c> and, for people, <c>/docs</c>.</summary>
    public static void MapApiDocs(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/docs", options => options.DisableDefaultFonts().DisableAgent().DisableTelemetry().WithTitle("Aistrale API"))
            .AllowAnonymous()
            .AddEndpointFilter(async (context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy =
                    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'";
                return await next(context);
            });
    }

    private static Task WriteBareStatusAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var detail = status switch
        {
            404 => "There is nothing at this address. The routes are listed at /docs.",
            405 => "This address does not take this method. The routes are listed at /docs.",
            415 => "Send the body as application/json.",
            _ => "The request was refused.",
        };
        return GatewayErrors.Covers(context)
            ? GatewayErrors.WriteAsync(context, new InferenceError(status, Problems.Code(status), detail))
            : Problems.WriteAsync(context, status, Problems.Code(status), detail);
    }
}
