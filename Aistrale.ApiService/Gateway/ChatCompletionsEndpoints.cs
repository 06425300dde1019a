using Aistrale.ApiService.Sessions;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects.ChatCompletions;

namespace Aistrale.ApiService.Gateway;

internal static class ChatCompletionsEndpoints
{
    public static void MapChatCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/chat/completions", CompleteAsync).WithName("CreateChatCompletion").WithSummary("OpenAI's Chat Completions, for every provider.");

    private static async Task CompleteAsync(HttpContext context, CurrentUser user, CallFactory calls, InferenceService inference)
    {
        var body = await RequestBodies.ReadAsync(context);
        var request = ChatCompletionsRequest.Read(body);
        if (request.Failure is { } failure)
        {
            await GatewayErrors.WriteAsync(context, new InferenceError(400, failure.Code, failure.Message, Param: failure.Field));
            return;
        }

        await inference.ExecuteAsync(calls.Create(context, user, request.Value, CallSources.Gateway), new HttpAnswerBody(context), context.RequestAborted);
    }
}
