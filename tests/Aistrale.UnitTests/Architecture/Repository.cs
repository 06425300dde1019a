using System.Xml.Linq;

namespace Aistrale.UnitTests.Architecture;

/// <summary>The files of this repository, as they lie on disk.</summary>
internal static class Repository
{
    private static readonly string[] FoldersOfNoInterest = ["artifacts", "bin", "obj", "node_modules", "TestResults"];

    public static readonly string Root = FindRoot();

    private static readonly string[] AllFiles = [.. Walk(Root)];

    /// <summary>Paths from the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(params string[] extensions) =>
        AllFiles.Where(path => extensions.Contains(Path.GetExtension(path)));

    public static IEnumerable<string> Folders() =>
        AllFiles.SelectMany(path => path.Split('/')[..^1]).Distinct();

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    public static XElement Xml(string path) => XElement.Parse(Text(path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(child);
            // Folders with a dot are a tool's, except the two that hold files of ours.
            if (FoldersOfNoInterest.Contains(name) || (name.StartsWith('.') && name is not (".github" or ".ci")))
            {
                continue;
            }

            foreach (var file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Aistrale.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Aistrale.sln above {AppContext.BaseDirectory}: run the tests from the repository's own build output.");
    }
}
