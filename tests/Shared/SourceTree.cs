namespace Aistrale.Tests.Shared;

/// <summary>Finds files of the repository from a test's output folder; a build's source paths are not those of this machine everywhere.</summary>
public static class SourceTree
{
    // artifacts/bin/<project>/<configuration> is four levels below the root.
    public static string PathOf(string path) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../..", path));
}
