using Aistrale.ApiService.Sessions;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aistrale.ApiService.Gateway;

internal static class ModelsEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", List).WithName("ListGatewayModels").WithSummary("Models that this key can call, in OpenAI's shape, or Anthropic's when anthropic-version is sent.");
        routes.MapGet("/models/{**id}", GetAsync).WithName("GetGatewayModel");
    }

    private static Results<Ok<OpenAIModelList>, Ok<AnthropicModelList>> List(HttpContext context, CurrentUser user, ModelList models)
    {
        var callable = Callable(user, models);
        if (!IsAnthropic(context))
        {
            return TypedResults.Ok(new OpenAIModelList("list", [.. callable.Select(ToOpenAI)]));
        }

        AnthropicModel[] data = [.. callable.Select(ToAnthropic)];
        return TypedResults.Ok(new AnthropicModelList(data, false, data.FirstOrDefault()?.Id, data.LastOrDefault()?.Id));
    }

    private static async Task GetAsync(string id, HttpContext context, CurrentUser user, ModelList models)
    {
        var model = Callable(user, models).FirstOrDefault(model => model.Id == id || model.Name == id);
        if (model is null)
        {
            await GatewayErrors.WriteAsync(context, new InferenceError(404, ErrorCodes.ModelNotFound, $"There is no model '{id}' that this key can call.", Param: "model"));
            return;
        }

        await (IsAnthropic(context)
            ? context.Response.WriteAsJsonAsync(ToAnthropic(model), context.RequestAborted)
            : context.Response.WriteAsJsonAsync(ToOpenAI(model), context.RequestAborted));
    }

    private static IEnumerable<ModelResponse> Callable(CurrentUser user, ModelList models) => models
        .Models(user.Entry.WorkspaceId, user.Entry.Id)
        .Where(model => model.Available)
        .Where(model => user.Key is not { } key
            || ((key.Providers?.Contains(model.Provider) ?? true) && (key.Models is null || key.Models.Contains(model.Id) || key.Models.Contains(model.Name))));

    private static bool IsAnthropic(HttpContext context) => context.Request.Headers.ContainsKey("anthropic-version");

    // The catalogue does not say when a model appeared; the field is required by SDKs, so it holds the epoch.
    private static OpenAIModel ToOpenAI(ModelResponse model) => new(model.Id, "model", 0, model.Provider);

    private static AnthropicModel ToAnthropic(ModelResponse model) => new(model.Id, "model", model.Name, DateTimeOffset.UnixEpoch);
}

internal sealed record OpenAIModel(string Id, string Object, long Created, [property: System.Text.Json.Serialization.JsonPropertyName("owned_by")] string OwnedBy);

internal sealed record OpenAIModelList(string Object, IReadOnlyList<OpenAIModel> Data);

internal sealed record AnthropicModel(
    string Id,
    string Type,
    [property: System.Text.Json.Serialization.JsonPropertyName("display_name")] string DisplayName,
    [property: System.Text.Json.Serialization.JsonPropertyName("created_at")] DateTimeOffset CreatedAt);

internal sealed record AnthropicModelList(
    IReadOnlyList<AnthropicModel> Data,
    [property: System.Text.Json.Serialization.JsonPropertyName("has_more")] bool HasMore,
    [property: System.Text.Json.Serialization.JsonPropertyName("first_id")] string? FirstId,
    [property: System.Text.Json.Serialization.JsonPropertyName("last_id")] string? LastId);
