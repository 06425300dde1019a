using System.Globalization;
using System.Text;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

/// <summary>A Chat Completions body with members in random order, random white space, decoys, and every way to ask for usage or not.</summary>
internal sealed class RandomRequest
{
    private static readonly string[] Decoys = ["Model", "models", "usage", "stream_option", "include_usage", "user", "metadata", "mod\\u0065", "ünïcode", "\\\"model\\\"", "", "tools"];
    private static readonly string[] Strings = ["", "hi", "\\\"model\\\":\\\"x\\\"", "{\\\"stream\\\":true}", "👋 ça", "\\ud83d\\udc4b", "\\u0000", "a\\\\", "stream_options", "\\n\\t/\\/"];
    private static readonly string[] Models = ["gpt-4o-mini", "gpt\\u002d4o", "openai\\/gpt", "modèle", "m", "\\\"q\\\""];
    private static readonly string[] Blanks = ["", "", "", " ", "\n", "\t ", "\r\n  "];

    private readonly Random _random;

    public RandomRequest(int seed)
    {
        _random = new Random(seed);
        List<(string Name, string Value)> members = [(Escaped("model"), $"\"{Pick(Models)}\"")];
        AddFlags(members);
        var decoys = _random.GetItems(Decoys, _random.Next(6)).Distinct();
        members.AddRange(decoys.Select(name => (name, Value(depth: 0))));
        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        Text = $"{Blank()}{Object(members)}{Blank()}";
    }

    public string Text { get; }

    public byte[] Bytes => Encoding.UTF8.GetBytes(Text);

    /// <summary>The caller streams without having asked for usage.</summary>
    public bool NeedsUsage { get; private set; }

    private void AddFlags(List<(string Name, string Value)> members)
    {
        var stream = Pick("", "true", "true", "false", "null");
        if (stream.Length > 0)
        {
            members.Add((Escaped("stream"), stream));
        }

        var asks = false;
        var kind = _random.Next(4);
        if (kind == 1)
        {
            members.Add((Escaped("stream_options"), "null"));
        }
        else if (kind > 1)
        {
            List<(string, string)> options = [];
            if (_random.Next(2) == 0)
            {
                options.Add(("include_obfuscation", Pick("true", "false", "{\"include_usage\":true}")));
            }

            if (_random.Next(3) > 0)
            {
                var flag = Pick("true", "true", "false", "null", "[1,{}]", "\"true\"", "0");
                asks = flag == "true";
                options.Insert(_random.Next(options.Count + 1), ("include_usage", flag));
            }

            members.Add((Escaped("stream_options"), Object(options)));
        }

        NeedsUsage = stream == "true" && !asks;
    }

    private string Object(IEnumerable<(string Name, string Value)> members) =>
        $"{{{Blank()}{string.Join(",", members.Select(member => $"{Blank()}\"{member.Name}\"{Blank()}:{Blank()}{member.Value}{Blank()}"))}}}";

    private string Value(int depth) => _random.Next(depth > 3 ? 4 : 6) switch
    {
        0 => $"\"{Pick(Strings)}\"",
        1 => Pick("0", "-1.5e3", "1E-7", "12345678901234567890"),
        2 => Pick("true", "false", "null"),
        3 => $"\"{_random.Next().ToString(CultureInfo.InvariantCulture)}\"",
        4 => $"[{string.Join($"{Blank()},", Enumerable.Range(0, _random.Next(4)).Select(_ => Blank() + Value(depth + 1)))}{Blank()}]",
        _ => Object(Decoys.Append("model").Append("stream").Take(_random.Next(Decoys.Length + 2)).Where(_ => _random.Next(4) == 0).Select(name => (name, Value(depth + 1)))),
    };

    // A name may be written with escapes; readers must see through them.
    private string Escaped(string name)
    {
        var at = _random.Next(name.Length * 2);
        return at >= name.Length ? name : $"{name[..at]}\\u{(int)name[at]:x4}{name[(at + 1)..]}";
    }

    private string Blank() => Pick(Blanks);

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
