using System.Globalization;
using Aistrale.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace Aistrale.Web.Components.Pages.Playground;

/// <summary>Model and parameters as typed; the address carries them, so that a reload and a shared link keep them.</summary>
internal sealed class RunSettings
{
    public string Model { get; set; } = "";

    public string Temperature { get; set; } = "";

    public string TopP { get; set; } = "";

    public string MaxTokens { get; set; } = "";

    public string Stop { get; set; } = "";

    public string Seed { get; set; } = "";

    public Dictionary<string, string> Errors { get; } = [];

    public bool HasParameters =>
        Temperature.Length + TopP.Length + MaxTokens.Length + Stop.Length + Seed.Length > 0;

    // Sample: https://host/playground?model=gpt-4o-mini&temperature=0.2&max_tokens=500&stop=END
    public static RunSettings Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        return new RunSettings
        {
            Model = Of("model"),
            Temperature = Of("temperature"),
            TopP = Of("top_p"),
            MaxTokens = Of("max_tokens"),
            Stop = Of("stop"),
            Seed = Of("seed"),
        };

        string Of(string name) => query.TryGetValue(name, out var value) ? value.ToString() : "";
    }

    public string ToUrl() => QueryHelpers.AddQueryString("/playground", new Dictionary<string, string?>
    {
        ["model"] = Value(Model),
        ["temperature"] = Value(Temperature),
        ["top_p"] = Value(TopP),
        ["max_tokens"] = Value(MaxTokens),
        ["stop"] = Value(Stop),
        ["seed"] = Value(Seed),
    });

    public void ClearParameters()
    {
        (Temperature, TopP, MaxTokens, Stop, Seed) = ("", "", "", "", "");
        Errors.Clear();
    }

    /// <summary>The parameters, or null with <see cref="Errors"/> filled. An empty field leaves the choice to the provider.</summary>
    // Only what cannot be sent at all is refused here; ranges differ by model and are the provider's to judge.
    public InferenceParameters? Parse()
    {
        Errors.Clear();
        var parameters = new InferenceParameters(
            Number(nameof(Temperature), Temperature),
            Number(nameof(TopP), TopP),
            (int?)Whole(nameof(MaxTokens), MaxTokens, 1, int.MaxValue),
            Stop.Length == 0 ? null : Stop.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Whole(nameof(Seed), Seed, long.MinValue, long.MaxValue));
        return Errors.Count == 0 ? parameters : null;
    }

    private double? Number(string field, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        Errors[field] = "Enter a number such as 0.7.";
        return null;
    }

    private long? Whole(string field, string text, long from, long to)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to)
        {
            return number;
        }

        Errors[field] = from > 0 ? "Enter a whole number, 1 or more." : "Enter a whole number.";
        return null;
    }

    private static string? Value(string text) => text.Length == 0 ? null : text;
}
