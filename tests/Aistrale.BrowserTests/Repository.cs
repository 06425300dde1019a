namespace Aistrale.BrowserTests;

internal static class Repository
{
    public static string Artifacts { get; } = Path.Combine(Root(), "artifacts");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aistrale.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Aistrale.sln is in none of the folders above.");
        }

        return folder.FullName;
    }
}
