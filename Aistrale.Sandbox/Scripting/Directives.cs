using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Aistrale.Sandbox.Scripting;

/// <summary>One directive: its name, what may follow the equals sign, what it does, and how it is read.</summary>
internal sealed record Directive(string Name, string Values, string Effect, Func<Script, string, bool> Apply);

/// <summary>
/// Finds and reads directives in the model name and in the last user message, the message winning.
/// Samples of input:
/// <code>
/// gpt-4o-mini sandbox:chunks=200,gap=5ms,first=50ms
/// Count to ten, please. sandbox:fail=429,retry-after=2,fail-times=1
/// Two groups work as well: sandbox:tools=2 and then sandbox:cached=100,finish=length.
/// </code>
/// </summary>
internal static partial class Directives
{
    private const int MaxTokens = 1_000_000;
    private const int MaxBytes = 64 * 1024 * 1024;

    public static readonly IReadOnlyList<Directive> All =
    [
        new("chunks", "1..1000000", "answer of N words; each is one event and one output token", (s, v) => Number(v, 1, MaxTokens, n => s.Chunks = n)),
        new("bytes", "1..67108864", "answer of N bytes of text", (s, v) => Number(v, 1, MaxBytes, n => s.Bytes = n)),
        new("line", "1..67108864", "answer of N bytes of text in one event, on one line", (s, v) => Number(v, 1, MaxBytes, n => s.Line = n)),
        new("endless", "1", "the answer goes on until the caller hangs up (10 ms between events unless gap says otherwise)", (s, v) => v == "1" && (s.Endless = true)),
        new("lang", "en, de, ja, ar, emoji", "language of generated words", (s, v) => Vocabulary.Knows(v) && (s.Language = v).Length > 0),
        new("gap", "5ms, 1.5s", "time between two tokens of a stream", (s, v) => Duration(v, t => s.Gap = t)),
        new("first", "50ms", "wait before status and headers", (s, v) => Duration(v, t => s.First = t)),
        new("delay", "2s", "wait before a whole (not streamed) answer", (s, v) => Duration(v, t => s.Delay = t)),
        new("stall", "30s", "silence in the middle of the stream", (s, v) => Duration(v, t => s.Stall = t)),
        new("ping", "1s", "keep-alive comment (Messages: ping event) at this interval during any silence of a stream", (s, v) => Duration(v, t => s.Ping = t)),
        new("at", "1..1000000", "tokens sent before stall, die=mid-stream or error=mid-stream (default: half)", (s, v) => Number(v, 1, MaxTokens, n => s.At = n)),
        new("fail", "400..599", "the provider's own error of that status", (s, v) => Number(v, 400, 599, n => s.Fail = n)),
        new("code", "insufficient_quota", "code of the error (Messages: its type, Gemini: its status)", (s, v) => (s.Code = v).Length > 0),
        new("retry-after", "0..86400", "seconds in Retry-After (Gemini: RetryInfo)", (s, v) => Number(v, 0, 86_400, n => s.RetryAfterS = n)),
        new("fail-times", "0..1000000", "faults apply to the first N calls with exactly this request; later ones succeed", (s, v) => Number(v, 0, MaxTokens, n => s.FailTimes = n)),
        new("die", "before-headers, before-first, mid-stream, no-done, no-marker", "reset, or a clean end without the closing events (no-done) or without only the closing marker (no-marker)", (s, v) => OneOf(v, Deaths, d => s.Die = d)),
        new("error", "mid-stream", "error event after status 200 and half of the tokens", (s, v) => v == "mid-stream" && (s.ErrorMidStream = true)),
        new("body", "html, empty, truncated, garbage, error200", "something else in place of a proper body", (s, v) => OneOf(v, Tricks, t => s.Body = t)),
        new("usage", "off", "no token counts in the answer", (s, v) => v == "off" && (s.UsageOff = true)),
        new("in", "0..100000000", "reported input tokens, those of the cache included", (s, v) => Number(v, 0, 100_000_000, n => s.InputTokens = n)),
        new("out", "0..100000000", "reported output tokens, reasoning included", (s, v) => Number(v, 0, 100_000_000, n => s.OutputTokens = n)),
        new("cached", "0..100000000", "further input tokens, read from the cache", (s, v) => Number(v, 0, 100_000_000, n => s.Cached = n)),
        new("cache-write-5m", "0..100000000", "further input tokens, written to the five-minute cache", (s, v) => Number(v, 0, 100_000_000, n => s.CacheWrite5m = n)),
        new("cache-write-1h", "0..100000000", "further input tokens, written to the one-hour cache", (s, v) => Number(v, 0, 100_000_000, n => s.CacheWrite1h = n)),
        new("reasoning", "0..1000000", "reasoning tokens, sent as text with signature where the wire has it", (s, v) => Number(v, 0, MaxTokens, n => s.Reasoning = n)),
        new("tools", "1..32", "N parallel calls of the tools that the request declares", (s, v) => Number(v, 1, 32, n => s.Tools = n)),
        new("finish", "stop, length, tool_calls, content_filter, or any word", "stop reason; the four canonical words are translated, others go out as they are (Gemini: blocked = blocked prompt)", (s, v) => (s.Finish = v).Length > 0),
        new("served", "novita", "Hugging Face: the provider that served the call; none leaves it out", (s, v) => (s.Served = v).Length > 0),
        new("tier", "flex", "service tier that the answer reports", (s, v) => (s.Tier = v).Length > 0),
        new("header-bytes", "1..1000000", "an extra header of N bytes", (s, v) => Number(v, 1, 1_000_000, n => s.HeaderBytes = n)),
        new("split", "1..1000000", "stream bytes leave in pieces of N, across characters and lines", (s, v) => Number(v, 1, 1_000_000, n => s.Split = n)),
        new("sse", "crlf, nospace, comments", "another legal framing of events", (s, v) => OneOf(v, Framings, f => s.Framing = f)),
    ];

    private static readonly FrozenDictionary<string, Directive> ByName = All.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);

    // Lazy, because All is built before the fields below it.
    private static Dictionary<string, Death> Deaths => new(StringComparer.Ordinal)
    {
        ["before-headers"] = Death.BeforeHeaders,
        ["before-first"] = Death.BeforeFirst,
        ["mid-stream"] = Death.MidStream,
        ["no-done"] = Death.NoDone,
        ["no-marker"] = Death.NoMarker,
    };

    private static Dictionary<string, BodyTrick> Tricks => new(StringComparer.Ordinal)
    {
        ["html"] = BodyTrick.Html,
        ["empty"] = BodyTrick.Empty,
        ["truncated"] = BodyTrick.Truncated,
        ["garbage"] = BodyTrick.Garbage,
        ["error200"] = BodyTrick.Error200,
    };

    private static Dictionary<string, EventFraming> Framings => new(StringComparer.Ordinal)
    {
        ["crlf"] = EventFraming.Crlf,
        ["nospace"] = EventFraming.NoSpace,
        ["comments"] = EventFraming.Comments,
    };

    /// <summary>Reads both places; answers an error sentence for the first directive that cannot be followed.</summary>
    public static string? Read(string model, string message, out Script script)
    {
        script = Script.Plain;
        var inModel = model.Contains("sandbox:", StringComparison.Ordinal);
        var inMessage = message.Contains("sandbox:", StringComparison.Ordinal);
        if (!inModel && !inMessage)
        {
            return null;
        }

        script = new Script();
        return (inModel ? Apply(model, script) : null) ?? (inMessage ? Apply(message, script) : null) ?? Contradiction(script);
    }

    /// <summary>The text without its directives, and without the white space they leave behind.</summary>
    public static string Strip(string text) =>
        text.Contains("sandbox:", StringComparison.Ordinal) ? Group().Replace(text, "").Trim() : text;

    /// <summary><c>gpt-4o-mini sandbox:chunks=3</c>, or with any of -/+@ in place of the blank, is the model <c>gpt-4o-mini</c>.</summary>
    public static string StripModel(string model)
    {
        if (!model.Contains("sandbox:", StringComparison.Ordinal))
        {
            return model;
        }

        var name = Strip(model).Trim(' ', '-', '/', '+', '@');
        return name.Length == 0 ? "sandbox" : name;
    }

    private static string? Apply(string text, Script script)
    {
        foreach (Match group in Group().Matches(text))
        {
            foreach (var pair in group.Groups["list"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                var name = equals < 0 ? pair : pair[..equals];
                // "sandbox:chunks=3." at the end of a sentence means 3.
                var value = equals < 0 ? "" : pair[(equals + 1)..].TrimEnd('.');
                if (!ByName.TryGetValue(name, out var directive))
                {
                    return $"The sandbox does not know the directive '{name}'; its start page lists all of them.";
                }

                if (value.Length == 0 || !directive.Apply(script, value))
                {
                    return $"The sandbox directive '{name}' takes {directive.Values}, as in sandbox:{name}={Example(directive)}.";
                }
            }
        }

        return null;
    }

    private static string? Contradiction(Script script)
    {
        if (script.InputTokens is { } input && input < (long)script.Cached + script.CacheWrite5m + script.CacheWrite1h)
        {
            return "The sandbox directive 'in' must be at least cached + cache-write-5m + cache-write-1h, which it includes.";
        }

        return script.OutputTokens is { } output && output < script.Reasoning
            ? "The sandbox directive 'out' must be at least reasoning, which it includes."
            : null;
    }

    private static string Example(Directive directive) =>
        directive.Values.Split(["..", ", "], StringSplitOptions.None)[0];

    private static bool Number(string value, int min, int max, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
        {
            return false;
        }

        set(number);
        return true;
    }

    private static bool Duration(string value, Action<TimeSpan> set)
    {
        var unit = value.EndsWith("ms", StringComparison.Ordinal) ? 2 : value.EndsWith('s') ? 1 : 0;
        if (!double.TryParse(value[..^unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        var milliseconds = unit == 1 ? amount * 1000 : amount;
        if (milliseconds > 3_600_000)
        {
            return false;
        }

        set(TimeSpan.FromMilliseconds(milliseconds));
        return true;
    }

    private static bool OneOf<T>(string value, Dictionary<string, T> known, Action<T> set)
    {
        if (!known.TryGetValue(value, out var found))
        {
            return false;
        }

        set(found);
        return true;
    }

    [GeneratedRegex(@"\s?sandbox:(?<list>[a-z][A-Za-z0-9=,._-]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Group();
}
