namespace Aistrale.Core.Inference.Routing;

/// <summary>A model of Hugging Face's router: <c>openai/gpt-oss-120b</c>, <c>openai/gpt-oss-120b:novita</c>, <c>openai/gpt-oss-120b:fastest</c>.</summary>
internal readonly record struct HuggingFaceModel(string Name, string? ServedBy)
{
    public static HuggingFaceModel Parse(string model)
    {
        var colon = model.LastIndexOf(':');
        if (colon < 0)
        {
            return new HuggingFaceModel(model, null);
        }

        // These ask the router to choose; they name nobody.
        var suffix = model[(colon + 1)..];
        return new HuggingFaceModel(model[..colon], suffix is "" or "fastest" or "cheapest" or "preferred" ? null : suffix);
    }
}
