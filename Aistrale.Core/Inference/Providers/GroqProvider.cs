namespace Aistrale.Core.Inference.Providers;

internal sealed class GroqProvider : OpenAICompatibleProvider
{
    public override string Name => Contracts.Providers.Groq;

    public override string DisplayName => "Groq";

    public override string? DefaultBaseUrl => "https://api.groq.com/openai/v1";
}
