using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aistrale.Sandbox.Scripting;

/// <summary>Makes the answer to a request. A pure function: same request, same answer.</summary>
internal static class AnswerBuilder
{
    private const int EchoLimit = 160;
    private const int BytesPerChunk = 4096;

    // Serializing straight to text keeps non-ASCII characters as they are, as the providers do.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Greetings = ["Hello!", "Good to hear from you.", "Happy to help.", "Right here."];

    private static readonly string[] Tips =
    [
        "Add sandbox:chunks=200,gap=20ms to your message to watch a long stream.",
        "Add sandbox:fail=429,retry-after=2 to your message to see how a rate limit looks.",
        "Add sandbox:reasoning=40 to your message and I will think before I speak.",
        "Add sandbox:cached=500,in=800 to your message to see what a warm cache saves.",
        "Add sandbox:die=mid-stream to your message to see a connection break half way.",
    ];

    public static Answer Build(Ask ask, Script script, Seed seed, string wireName)
    {
        var calls = ToolCalls(ask, script, seed);
        var text = calls.Count > 0 && script is { Chunks: null, Bytes: null, Line: null } ? ChunkedText.Empty : Text(ask, script, seed, wireName);
        var stop = calls.Count > 0 ? Stop.ToolCalls : Stop.Natural;
        string? sequence = null;
        if (ask.Stops.Count > 0 && text.Count > 0 && CutAtStop(ref text, ask.Stops) is { } found)
        {
            // What follows a stop sequence is never written, tool calls included.
            (stop, sequence, calls) = (Stop.Sequence, found, []);
        }

        var reasoning = script.Reasoning == 0 ? ChunkedText.Empty : ChunkedText.Generate(new Seed(seed.Draw(77)), script.Language, script.Reasoning);
        if (ask.MaxTokens is { } max && !script.Endless && reasoning.Count + text.Count + calls.Sum(c => c.Fragments.Count) > max)
        {
            reasoning = reasoning.Take(max);
            text = text.Take(max - reasoning.Count);
            // Half a tool call is of no use to anyone, so the limit drops them all.
            (stop, calls) = (Stop.Length, []);
        }

        var verbatim = script.Finish;
        if (verbatim is not null)
        {
            stop = verbatim switch
            {
                "stop" => Stop.Natural,
                "length" => Stop.Length,
                "tool_calls" => Stop.ToolCalls,
                "content_filter" => Stop.ContentFilter,
                _ => Stop.Verbatim,
            };
        }

        return new Answer(reasoning, text, calls, stop, verbatim, sequence, script.Endless);
    }

    public static TokenUsage Count(Ask ask, Script script, Answer answer)
    {
        var cache = (long)script.Cached + script.CacheWrite5m + script.CacheWrite1h;
        var input = script.InputTokens ?? ask.InputTokens + cache;
        var output = script.OutputTokens ?? (long)answer.Tokens * ask.Choices;
        return new TokenUsage(input, script.Cached, script.CacheWrite5m, script.CacheWrite1h, output, Math.Min(output, (long)answer.Reasoning.Count * ask.Choices));
    }

    private static ChunkedText Text(Ask ask, Script script, Seed seed, string wireName)
    {
        if (script.Line is { } line)
        {
            return ChunkedText.OfBytes(seed, line, 1);
        }

        if (script.Bytes is { } size)
        {
            return ChunkedText.OfBytes(seed, size, script.Chunks ?? ((size + BytesPerChunk - 1) / BytesPerChunk));
        }

        if (script.Chunks is not null || script.Endless)
        {
            return ChunkedText.Generate(seed, script.Language, script.Chunks ?? 64);
        }

        return ask.WantsJson ? ChunkedText.FromPieces(Pieces(Json(ask, seed), 8)) : ChunkedText.FromWords(Greeting(ask, script, seed, wireName));
    }

    private static string Greeting(Ask ask, Script script, Seed seed, string wireName)
    {
        if (script.Language != "en")
        {
            return Encoding.UTF8.GetString(ChunkedText.Generate(seed, script.Language, 24).All);
        }

        var said = Echo(ask.UserText);
        return $"{Greetings[seed.Pick(0, Greetings.Length)]} {(said.Length == 0 ? "You sent no text." : $"You wrote: \"{said}\".")} " +
            $"This is {ask.Model} as played by the Aistrale sandbox, in the {wireName} format: free, offline, and always the same answer to the same question. " +
            Tips[seed.Pick(1, Tips.Length)];
    }

    private static string Echo(string text)
    {
        var words = string.Join(' ', Directives.Strip(text.Length > 4096 ? text[..4096] : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length <= EchoLimit)
        {
            return words;
        }

        var end = words.LastIndexOf(' ', EchoLimit);
        end = end > 0 ? end : EchoLimit;
        // A surrogate pair is one character: it is not cut in two.
        return words[..(char.IsHighSurrogate(words[end - 1]) ? end - 1 : end)] + "…";
    }

    private static string Json(Ask ask, Seed seed)
    {
        var text = Encoding.UTF8.GetString(ChunkedText.Generate(seed, "en", 3).All);
        var value = ask.JsonSchema is { } schema ? SchemaSample.Create(schema, text) : new JsonObject { ["answer"] = text };
        return value?.ToJsonString(Relaxed) ?? "null";
    }

    private static List<string> Pieces(string text, int length)
    {
        var pieces = new List<string>((text.Length / length) + 1);
        for (var i = 0; i < text.Length;)
        {
            var end = Math.Min(i + length, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            {
                end++;
            }

            pieces.Add(text[i..end]);
            i = end;
        }

        return pieces;
    }

    private static List<ToolCall> ToolCalls(Ask ask, Script script, Seed seed)
    {
        // Directed calls stop once their results are there; a forced choice goes on, as with a real model.
        var wanted = script.Tools > 0 && !ask.EndsWithToolResult ? script.Tools : ask.ForcesTool ? 1 : 0;
        if (ask.Tools.Count == 0 || wanted == 0)
        {
            return [];
        }

        var count = ask.OneToolAtMost ? 1 : wanted;
        var first = ask.ForcedTool is { } name ? Math.Max(0, ask.Tools.FindIndex(t => t.Name == name)) : 0;
        var calls = new List<ToolCall>(count);
        for (var i = 0; i < count; i++)
        {
            var tool = ask.Tools[(first + i) % ask.Tools.Count];
            calls.Add(Call(tool, i, seed));
        }

        return calls;
    }

    private static ToolCall Call(ToolDeclaration tool, int index, Seed seed)
    {
        // Quotes, a line break, a backslash and characters beyond ASCII: the fragments below are cut inside their escapes.
        var text = $"Zürich \"{index + 1}\" {Encoding.UTF8.GetString(Vocabulary.Words("en")[seed.Pick((ulong)(100 + index), 60)])}\n\\ 🌊";
        var arguments = tool.Schema is { } schema && SchemaSample.Create(schema, text) is JsonObject value ? value : [];
        var json = arguments.ToJsonString(Relaxed);
        return new ToolCall(tool.Name, index, Encoding.UTF8.GetBytes(json), ChunkedText.FromPieces(Fragments(json)));
    }

    /// <summary>
    /// <c>{"city":"a \"b\""}</c> becomes <c>{"city":"a \</c> and <c>"b\</c> and <c>""}</c>: each backslash ends
    /// a fragment, so a reader that parses fragments on their own fails. Long stretches are cut as well.
    /// </summary>
    private static List<string> Fragments(string json)
    {
        var fragments = new List<string>();
        var start = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var afterBackslash = json[i] == '\\';
            var longEnough = i + 1 - start >= 12 && !char.IsHighSurrogate(json[i]);
            if (afterBackslash || longEnough || i == json.Length - 1)
            {
                fragments.Add(json[start..(i + 1)]);
                start = i + 1;
            }
        }

        return fragments;
    }

    private static string? CutAtStop(ref ChunkedText text, List<string> stops)
    {
        var whole = Unescape(text.All);
        var (at, found) = stops.Where(s => s.Length > 0).Select(s => (At: whole.IndexOf(s, StringComparison.Ordinal), Stop: s)).Where(p => p.At >= 0).DefaultIfEmpty((-1, "")).Min();
        if (at < 0)
        {
            return null;
        }

        text = ChunkedText.FromWords(whole[..at]);
        return found;
    }

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var quoted = new byte[escaped.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        escaped.CopyTo(quoted.AsSpan(1));
        return JsonNode.Parse(quoted)!.GetValue<string>();
    }
}
