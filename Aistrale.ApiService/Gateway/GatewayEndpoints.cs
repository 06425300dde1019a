using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Microsoft.AspNetCore.Mvc;

namespace Aistrale.ApiService.Gateway;

/// <summary>The routes that programs call, in the providers' own wire formats.</summary>
internal static class GatewayEndpoints
{
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("Gateway").RequireAuthorization(Policies.Inference)
            .WithMetadata(new RequestSizeLimitAttribute(RequestBodies.MaxBytes));
        group.MapChatCompletions();
        group.MapModels();
        group.Map("/{**rest}", NotFoundAsync).ExcludeFromDescription();
    }

    private static Task NotFoundAsync(HttpContext context) => GatewayErrors.WriteAsync(context, new InferenceError(
        404, ErrorCodes.NotFound, $"Aistrale has no route {context.Request.Method} {context.Request.Path}. Use POST /v1/chat/completions or GET /v1/models."));
}
