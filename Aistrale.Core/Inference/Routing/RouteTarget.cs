using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Tokens;

namespace Aistrale.Core.Inference.Routing;

/// <summary>One place a call can go to.</summary>
/// <param name="Model">The model's name as the provider knows it.</param>
internal sealed record RouteTarget(IProviderStrategy Provider, string Model, TokenEntry Token)
{
    /// <summary>The model's name in the catalogue: without Hugging Face's <c>:provider</c> suffix.</summary>
    public string CatalogueModel => Provider.Name == Contracts.Providers.HuggingFace ? HuggingFaceModel.Parse(Model).Name : Model;
}
