using System.Text.RegularExpressions;
using Xunit;

namespace Aistrale.UnitTests.Architecture;

public sealed partial class SourceTests
{
    private const int MaxLines = 500;

    [Fact]
    public void No_source_file_is_longer_than_five_hundred_lines()
    {
        var tooLong =
            from path in Repository.Files(".cs", ".razor", ".js", ".mjs", ".sh").Append("aistrale").Where(Exists)
            where !path.Contains("/Migrations/", StringComparison.Ordinal)
            let lines = Repository.Lines(path).Length
            where lines > MaxLines
            select $"{path}: {lines}";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_or_folder_is_named_after_nothing_in_particular()
    {
        var strays = Repository.Files(".cs", ".razor", ".js", ".mjs", ".csproj")
            .Select(path => Path.GetFileName(path).Split('.'))
            .SelectMany(parts => parts[..^1])
            .Concat(Repository.Folders())
            .Where(name => Shapeless().IsMatch(name))
            .Distinct()
            .ToArray();

        Assert.Empty(strays);
    }

    [Fact]
    public void No_type_or_namespace_is_named_after_nothing_in_particular()
    {
        var strays =
            from path in Repository.Files(".cs", ".razor")
            from Match declaration in Declaration().Matches(Repository.Text(path))
            from part in declaration.Groups["name"].Value.Split('.')
            where Shapeless().IsMatch(part)
            select $"{path}: {part}";

        Assert.Empty(strays);
    }

    [Fact]
    public void Decisions_are_numbered_from_one_without_gap_or_twin()
    {
        var numbers = Repository.Files(".md")
            .Where(path => path.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)
            .ToArray();

        Assert.NotEmpty(numbers);
        Assert.All(numbers, (name, index) => Assert.StartsWith($"{index + 1:D4}-", name, StringComparison.Ordinal));
    }

    private static bool Exists(string path) => File.Exists(Path.Combine(Repository.Root, path));

    // Helpers, JsonHelper, Utils, StringUtilities, Common
    [GeneratedRegex("(Helpers?|Utils?|Utility|Utilities|Common|Misc)$")]
    private static partial Regex Shapeless();

    // "namespace Aistrale.Core.Tokens;", "internal sealed record struct Money("
    [GeneratedRegex(@"^[^\S\n]*(?:namespace\s+|(?:(?:public|internal|private|protected|file|sealed|static|abstract|partial|readonly|ref)\s+)*(?:class|record(?:\s+(?:class|struct))?|struct|interface|enum)\s+)(?<name>[A-Za-z_][\w.]*)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
