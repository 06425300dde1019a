namespace Aistrale.Contracts;

/// <summary>Provider names, as they stand in <c>provider</c> and in front of a model name.</summary>
public static class Providers
{
    public const string OpenAI = "openai";
    public const string Anthropic = "anthropic";
    public const string Gemini = "gemini";
    public const string Groq = "groq";
    public const string HuggingFace = "huggingface";

    /// <summary>Any origin that speaks OpenAI's Chat Completions: vLLM, Ollama, llama.cpp, ...</summary>
    public const string Custom = "custom";

    public static readonly IReadOnlyList<string> All = [OpenAI, Anthropic, Gemini, Groq, HuggingFace, Custom];
}
