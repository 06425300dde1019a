using System.Collections.Frozen;

namespace Aistrale.Core.Pricing;

/// <summary>A thing that is billed. The parts are disjoint: a cached audio token is only <see cref="CachedAudioInput"/>.</summary>
public enum PriceUnit
{
    /// <summary>Fresh text input, and all other input that has no price of its own.</summary>
    Input,
    CachedInput,
    CachedAudioInput,
    CachedImageInput,
    CacheWrite5m,
    CacheWrite1h,
    AudioInput,
    ImageInput,
    VideoInput,
    Output,
    ReasoningOutput,
    AudioOutput,
    ImageOutput,
    WebSearch,
    FileSearch,

    /// <summary>Listed per hour, counted per second.</summary>
    AudioInputSecond,
}

/// <summary>Names of the units as they stand in price data and in price rows, and how many of each one listed price buys.</summary>
public static class PriceUnits
{
    private const int Million = 1_000_000;
    private const int Thousand = 1_000;
    private const int Hour = 3_600;

    private static readonly (string Name, int Block)[] Facts =
    [
        ("input", Million),
        ("cached_input", Million),
        ("cached_audio_input", Million),
        ("cached_image_input", Million),
        ("cache_write_5m", Million),
        ("cache_write_1h", Million),
        ("audio_input", Million),
        ("image_input", Million),
        ("video_input", Million),
        ("output", Million),
        ("reasoning_output", Million),
        ("audio_output", Million),
        ("image_output", Million),
        ("web_search", Thousand),
        ("file_search", Thousand),
        ("audio_input_second", Hour),
    ];

    private static readonly FrozenDictionary<string, PriceUnit> ByName =
        Facts.Select((fact, index) => (fact.Name, Unit: (PriceUnit)index)).ToFrozenDictionary(f => f.Name, f => f.Unit, StringComparer.Ordinal);

    internal static int Count => Facts.Length;

    public static string Name(PriceUnit unit) => Facts[(int)unit].Name;

    /// <summary>How many units a listed price buys: a million tokens, a thousand uses, the seconds of an hour.</summary>
    public static int BlockSize(PriceUnit unit) => Facts[(int)unit].Block;

    public static bool TryParse(string name, out PriceUnit unit) => ByName.TryGetValue(name, out unit);

    internal static bool IsToken(PriceUnit unit) => BlockSize(unit) == Million;
}
