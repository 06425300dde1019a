namespace Aistrale.Core.Inference.Providers;

internal sealed class OpenAIProvider : OpenAICompatibleProvider
{
    public override string Name => Contracts.Providers.OpenAI;

    public override string DisplayName => "OpenAI";

    public override string? DefaultBaseUrl => "https://api.openai.com/v1";
}
