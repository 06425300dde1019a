namespace Aistrale.Core.Inference.Providers.Gemini;

/// <summary>Addresses of the methods of a model.</summary>
internal static class GeminiAddress
{
    private const string DefaultVersion = "v1beta";

    /// <summary>The base may be the bare origin, or end in a version (<c>/v1beta</c>), as different SDKs take it.</summary>
    public static Uri Of(Uri baseUrl, string model, string method)
    {
        var root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var last = root[(root.LastIndexOf('/') + 1)..];
        var isVersion = last.Length >= 2 && last[0] == 'v' && char.IsAsciiDigit(last[1]);
        var name = model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
        return new Uri($"{root}{(isVersion ? string.Empty : "/" + DefaultVersion)}/models/{Uri.EscapeDataString(name)}:{method}");
    }
}
