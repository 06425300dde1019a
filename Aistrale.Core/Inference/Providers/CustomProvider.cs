namespace Aistrale.Core.Inference.Providers;

/// <summary>Any origin that speaks Chat Completions, such as vLLM, Ollama or llama.cpp.</summary>
internal sealed class CustomProvider : OpenAICompatibleProvider
{
    public override string Name => Contracts.Providers.Custom;

    public override string DisplayName => "Custom";

    public override string? DefaultBaseUrl => null;
}
