namespace Aistrale.Core.Inference.Providers;

/// <summary>The router in front of many inference providers; a model may name one of them: <c>org/model:provider</c>.</summary>
internal sealed class HuggingFaceProvider : OpenAICompatibleProvider
{
    public override string Name => Contracts.Providers.HuggingFace;

    public override string DisplayName => "Hugging Face";

    public override string? DefaultBaseUrl => "https://router.huggingface.co/v1";
}
