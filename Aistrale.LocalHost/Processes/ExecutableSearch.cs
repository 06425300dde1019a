namespace Aistrale.LocalHost.Processes;

internal static class ExecutableSearch
{
    // A login shell of an ordinary user often lacks the folders of system programs.
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    public static string Require(string name, string debianPackage) =>
        Find(name) ?? throw new Refusal($"The program {name} is missing: install it with 'apt-get install {debianPackage}', or run ./aistrale up, which offers that.");

    /// <summary>The dotnet host that runs this program, so that the services run on the same one.</summary>
    public static string DotNet()
    {
        var self = Environment.ProcessPath;
        if (self is not null && Path.GetFileName(self) == "dotnet")
        {
            return self;
        }

        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH");
        if (host is not null && File.Exists(host))
        {
            return host;
        }

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return root is not null && File.Exists(Path.Combine(root, "dotnet"))
            ? Path.Combine(root, "dotnet")
            : Find("dotnet") ?? throw new Refusal("The program dotnet is not on the PATH: install the .NET SDK named in global.json.");
    }
}
