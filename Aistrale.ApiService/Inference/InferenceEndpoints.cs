using Aistrale.ApiService.Gateway;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects.Console;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Inference;

internal static class InferenceEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/inference").WithTags("Inference").RequireAuthorization(Policies.Inference);
        group.MapGet("/providers", Providers).WithName("ListProviders").WithSummary("Providers, and whether a call would find a token.");
        group.MapGet("/models", Models).WithName("ListModels").WithSummary("The catalogue with prices.");
        group.MapPost("/run", RunAsync).WithName("RunInference").WithSummary("Run a prompt and wait for the whole answer.").Produces<InferenceRunResponse>();
        group.MapPost("/stream", StreamAsync).WithName("StreamInference").WithSummary("Run a prompt; the answer comes as server-sent events.").Produces<string>(200, "text/event-stream");
    }

    private static Ok<IReadOnlyList<ProviderResponse>> Providers(ModelList models, CurrentUser user) => TypedResults.Ok(models.Providers(user.Entry));

    private static Ok<IReadOnlyList<ModelResponse>> Models(ModelList models, CurrentUser user) => TypedResults.Ok(models.Models(user.Entry.WorkspaceId, user.Entry.Id));

    private static Task RunAsync(InferenceRunRequest request, HttpContext context, CurrentUser user, CallFactory calls, InferenceService inference) =>
        ExecuteAsync(request, stream: false, context, user, calls, inference);

    private static Task StreamAsync(InferenceRunRequest request, HttpContext context, CurrentUser user, CallFactory calls, InferenceService inference) =>
        ExecuteAsync(request, stream: true, context, user, calls, inference);

    private static async Task ExecuteAsync(InferenceRunRequest request, bool stream, HttpContext context, CurrentUser user, CallFactory calls, InferenceService inference)
    {
        var read = ConsoleRequest.Read(request, stream);
        if (read.Failure is { } failure)
        {
            await failure.ToProblem().ExecuteAsync(context);
            return;
        }

        var call = calls.Create(context, user, read.Value, CallSources.Console, request.Provider, request.TokenId);
        await inference.ExecuteAsync(call, new HttpAnswerBody(context), context.RequestAborted);
    }
}
