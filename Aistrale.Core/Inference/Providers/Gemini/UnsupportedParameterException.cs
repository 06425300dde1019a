namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>The request asks for something that the provider has no word for; the message tells the caller what to change.</summary>
internal sealed class UnsupportedParameterException(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;
}
