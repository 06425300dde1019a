using System.Globalization;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

/// <summary>
/// What one row of the catalogue must say; typed from the vendors' lists, not read from prices.json.
/// <c>At</c> is an instant at which the row applies, <c>LongFrom</c> the first total of input tokens that pays the prices of <c>LongContext</c> (0 = no context tier).
/// </summary>
public sealed record ExpectedRow(
    string Provider,
    string Model,
    string? ServedBy,
    DateTimeOffset At,
    IReadOnlyDictionary<string, decimal> Base,
    long LongFrom,
    IReadOnlyDictionary<string, decimal> LongContext)
{
    public override string ToString() => $"{Provider}/{Model}{(ServedBy is null ? "" : $":{ServedBy}")} at {At:yyyy-MM-dd}";
}

public static class ExpectedPrices
{
    // model | input | cache read | write 5m | write 1h | output, then the same above the boundary; every row also has web search at 10 per thousand.
    private const string Anthropic = """
        claude-fable-5-1  | 10 | .25 | 12.5  | 20  | 50
        claude-fable-5    | 10 | 1   | 12.5  | 20  | 50
        claude-opus-5-5   | 4  | .2  | 5     | 8   | 20
        claude-opus-5     | 5  | .5  | 6.25  | 10  | 25
        claude-opus-4-8   | 5  | .5  | 6.25  | 10  | 25
        claude-opus-4-7   | 5  | .5  | 6.25  | 10  | 25
        claude-opus-4-6   | 5  | .5  | 6.25  | 10  | 25
        claude-opus-4-5   | 5  | .5  | 6.25  | 10  | 25
        claude-opus-4-1   | 15 | 1.5 | 18.75 | 30  | 75
        claude-opus-4-0   | 15 | 1.5 | 18.75 | 30  | 75
        claude-sonnet-5   | 2  | .2  | 2.5   | 4   | 10
        claude-sonnet-4-6 | 3  | .3  | 3.75  | 6   | 15
        claude-sonnet-4-5 | 3  | .3  | 3.75  | 6   | 15 | 200001 | 6 | .6 | 7.5 | 12 | 22.5
        claude-haiku-4-5  | 1  | .1  | 1.25  | 2   | 5
        claude-3-5-haiku  | .8 | .08 | 1     | 1.6 | 4
        """;

    // model | input | cached | write | output, then the same for long context; every row also has web search at 10 and file search at 2.5 per thousand.
    private const string OpenAI = """
        gpt-6-astra   | 10   | 1    | 12.5 | 50   | 272000 | 20 | 2   | 25  | 75
        gpt-6-sol     | 2    | .2   | 2.5  | 10   | 272001 | 4  | .4  | 5   | 15
        gpt-6-luna    | .1   | .01  | .125 | .5   | 272001 | .2 | .02 | .25 | .75
        gpt-5.6-sol   | 4    | .4   | 5    | 20   | 272000 | 8  | .8  | 10  | 30
        gpt-5.6-terra | 2    | .2   | 2.5  | 12   | 272000 | 4  | .4  | 5   | 18
        gpt-5.6-luna  | .2   | .02  | .25  | 1.2  | 272000 | .4 | .04 | .5  | 1.8
        gpt-5.5       | 5    | .5   | -    | 30   | 272000 | 10 | 1   | -   | 45
        gpt-5.4       | 2.5  | .25  | -    | 15   | 272000 | 5  | .5  | -   | 22.5
        gpt-5.4-mini  | .75  | .075 | -    | 4.5
        gpt-5.4-nano  | .2   | .02  | -    | 1.25
        gpt-5.3-codex | 1.75 | .175 | -    | 14
        gpt-5.2       | 1.75 | .175 | -    | 14
        gpt-5.1       | 1.25 | .125 | -    | 10
        gpt-5         | 1.25 | .125 | -    | 10
        gpt-5-mini    | .25  | .025 | -    | 2
        gpt-5-nano    | .05  | .005 | -    | .4
        gpt-4.1       | 2    | .5   | -    | 8
        gpt-4.1-mini  | .4   | .1   | -    | 1.6
        gpt-4.1-nano  | .1   | .025 | -    | .4
        gpt-4o        | 2.5  | 1.25 | -    | 10
        gpt-4o-mini   | .15  | .075 | -    | .6
        o3            | 2    | .5   | -    | 8
        o4-mini       | 1.1  | .275 | -    | 4.4
        """;

    // The same columns, before the prices fell.
    private const string OpenAIBefore = """
        gpt-5.6-sol   | 5    | .5   | 6.25  | 30  | 272000 | 10 | 1   | 12.5 | 45
        gpt-5.6-terra | 2.5  | .25  | 3.125 | 15  | 272000 | 5  | .5  | 6.25 | 22.5
        gpt-5.6-luna  | 1    | .1   | 1.25  | 6   | 272000 | 2  | .2  | 2.5  | 9
        """;

    // model | input | cached | output | audio in | cached audio in, then input, cached, output above the boundary.
    private const string Gemini = """
        gemini-3.8-flash       | .75  | .075 | 3.75 | -  | -
        gemini-3.7-flash       | .75  | .075 | 3.75 | -  | -
        gemini-3.6-flash       | .75  | .075 | 3.75 | -  | -
        gemini-3.5-flash       | 1.5  | .15  | 9    | -  | -
        gemini-3.5-flash-lite  | .3   | .03  | 2.5  | -  | -
        gemini-3.1-pro-preview | 2    | .2   | 12   | -  | -   | 200001 | 4   | .4  | 18 | - | -
        gemini-3-pro-preview   | 2    | .2   | 12   | -  | -   | 200001 | 4   | .4  | 18 | - | -
        gemini-3-flash-preview | .5   | .05  | 3    | 1  | .1
        gemini-3.1-flash-lite  | .25  | .025 | 1.5  | .5 | .05
        gemini-2.5-pro         | 1.25 | .125 | 10   | -  | -   | 200001 | 2.5 | .25 | 15 | - | -
        gemini-2.5-flash       | .3   | .03  | 2.5  | 1  | .1
        gemini-2.5-flash-lite  | .1   | .01  | .4   | .3 | .03
        gemini-embedding-001   | .15  | -    | -    | -  | -
        """;

    private const string GeminiFrom2027 = """
        gemini-3.8-flash | 1.5 | .15 | 7.5 | - | -
        gemini-3.7-flash | 1.5 | .15 | 7.5 | - | -
        gemini-3.6-flash | 1.5 | .15 | 7.5 | - | -
        """;

    // model | input | cached | output
    private const string Groq = """
        openai/gpt-oss-120b                           | .15  | .075  | .6
        openai/gpt-oss-20b                            | .075 | .0375 | .3
        llama-3.3-70b-versatile                       | .59  | -     | .79
        llama-3.1-8b-instant                          | .05  | -     | .08
        meta-llama/llama-4-scout-17b-16e-instruct     | .11  | -     | .34
        meta-llama/llama-4-maverick-17b-128e-instruct | .2   | -     | .6
        qwen/qwen3-32b                                | .29  | -     | .59
        moonshotai/kimi-k2-instruct                   | 1    | .5    | 3
        """;

    // model : served by | input | output
    private const string HuggingFace = """
        openai/gpt-oss-120b:novita                      | .05  | .25
        openai/gpt-oss-120b:ovhcloud                    | .09  | .47
        openai/gpt-oss-120b:nscale                      | .1   | .4
        openai/gpt-oss-120b:together                    | .15  | .6
        openai/gpt-oss-120b:nebius                      | .15  | .6
        openai/gpt-oss-120b:fireworks-ai                | .15  | .6
        openai/gpt-oss-120b:groq                        | .15  | .75
        openai/gpt-oss-120b:sambanova                   | .22  | .59
        openai/gpt-oss-120b:hyperbolic                  | .3   | .3
        meta-llama/Llama-3.3-70B-Instruct:novita        | .135 | .4
        meta-llama/Llama-3.3-70B-Instruct:nebius        | .25  | .75
        meta-llama/Llama-3.3-70B-Instruct:nscale        | .4   | .4
        meta-llama/Llama-3.3-70B-Instruct:hyperbolic    | .4   | .4
        meta-llama/Llama-3.3-70B-Instruct:groq          | .59  | .79
        meta-llama/Llama-3.3-70B-Instruct:sambanova     | .6   | 1.2
        meta-llama/Llama-3.3-70B-Instruct:ovhcloud      | .74  | .74
        meta-llama/Llama-3.3-70B-Instruct:together      | .88  | .88
        meta-llama/Llama-3.3-70B-Instruct:fireworks-ai  | .9   | .9
        moonshotai/Kimi-K2.5:together                   | .5   | 2.8
        moonshotai/Kimi-K2.5:novita                     | .6   | 3
        Qwen/Qwen3-235B-A22B-Instruct-2507:novita       | .09  | .58
        Qwen/Qwen3-235B-A22B-Instruct-2507:nebius       | .2   | .6
        Qwen/Qwen3-235B-A22B-Instruct-2507:together     | .2   | .6
        Qwen/Qwen3-235B-A22B-Instruct-2507:hyperbolic   | 2    | 2
        Qwen/Qwen3-Coder-480B-A35B-Instruct:novita      | .3   | 1.3
        Qwen/Qwen3-Coder-480B-A35B-Instruct:nebius      | .4   | 1.8
        Qwen/Qwen3-Coder-480B-A35B-Instruct:together    | 2    | 2
        Qwen/Qwen3-Coder-480B-A35B-Instruct:hyperbolic  | 2    | 2
        deepseek-ai/DeepSeek-V3.2:novita                | .269 | .4
        deepseek-ai/DeepSeek-R1-0528:nebius             | .8   | 2.4
        deepseek-ai/DeepSeek-R1-0528:hyperbolic         | 3    | 3
        deepseek-ai/DeepSeek-R1-0528:sambanova          | 5    | 7
        zai-org/GLM-5:novita                            | 1    | 3.2
        zai-org/GLM-5:together                          | 1    | 3.2
        """;

    public static readonly DateTimeOffset Today = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NewYear = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset June2026 = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] AnthropicUnits = ["input", "cached_input", "cache_write_5m", "cache_write_1h", "output"];
    private static readonly string[] OpenAIUnits = ["input", "cached_input", "cache_write_5m", "output"];
    private static readonly string[] GeminiUnits = ["input", "cached_input", "output", "audio_input", "cached_audio_input"];
    private static readonly string[] GroqUnits = ["input", "cached_input", "output"];
    private static readonly string[] RouterUnits = ["input", "output"];

    public static readonly IReadOnlyList<ExpectedRow> All =
    [
        .. Read("anthropic", Anthropic, AnthropicUnits, Today, ("web_search", 10m)),
        .. Read("openai", OpenAI, OpenAIUnits, Today, ("web_search", 10m), ("file_search", 2.5m)),
        .. Read("openai", OpenAIBefore, OpenAIUnits, June2026, ("web_search", 10m), ("file_search", 2.5m)),
        Special("openai", "text-embedding-3-large", ("input", .13m)),
        Special("openai", "text-embedding-3-small", ("input", .02m)),
        Special("openai", "gpt-image-1.5", ("input", 5m), ("image_input", 8m), ("cached_input", 1.25m), ("cached_image_input", 2m), ("output", 10m), ("image_output", 32m)),
        Special("openai", "whisper-1", ("audio_input_second", .36m)),
        .. Read("gemini", Gemini, GeminiUnits, Today),
        .. Read("gemini", GeminiFrom2027, GeminiUnits, NewYear),
        Special("gemini", "gemini-embedding-2", ("input", .2m), ("audio_input", 6.5m), ("image_input", .45m), ("video_input", 12m)),
        .. Read("groq", Groq, GroqUnits, Today),
        Special("groq", "whisper-large-v3", ("audio_input_second", .111m)),
        Special("groq", "whisper-large-v3-turbo", ("audio_input_second", .04m)),
        .. Read("huggingface", HuggingFace, RouterUnits, Today),
    ];

    private static ExpectedRow Special(string provider, string model, params (string Unit, decimal Usd)[] prices) =>
        new(provider, model, null, Today, prices.ToDictionary(p => p.Unit, p => p.Usd), 0, new Dictionary<string, decimal>());

    private static IEnumerable<ExpectedRow> Read(string provider, string table, string[] units, DateTimeOffset at, params (string Unit, decimal Usd)[] perUse)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var name = cells[0].Split(':');
            var hasLong = cells.Length > units.Length + 1;
            Assert.Equal(hasLong ? (2 * units.Length) + 2 : units.Length + 1, cells.Length);
            var prices = Prices(units, cells.AsSpan(1, units.Length));
            foreach (var (unit, usd) in perUse)
            {
                prices.Add(unit, usd);
            }

            yield return new ExpectedRow(
                provider,
                name[0],
                name.Length > 1 ? name[1] : null,
                at,
                prices,
                hasLong ? long.Parse(cells[units.Length + 1], CultureInfo.InvariantCulture) : 0,
                hasLong ? Prices(units, cells.AsSpan(units.Length + 2)) : []);
        }
    }

    private static Dictionary<string, decimal> Prices(string[] units, ReadOnlySpan<string> cells)
    {
        var prices = new Dictionary<string, decimal>();
        for (var i = 0; i < units.Length; i++)
        {
            if (cells[i] != "-")
            {
                prices.Add(units[i], decimal.Parse(cells[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
            }
        }

        return prices;
    }
}
