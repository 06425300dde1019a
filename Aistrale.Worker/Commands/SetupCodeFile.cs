namespace Aistrale.Worker.Commands;

/// <summary>The file that holds the one-time set-up code until there is an administrator. Only its owner can ever read it.</summary>
internal sealed class SetupCodeFile(IConfiguration configuration)
{
    public const string Variable = "Setup__CodeFile";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = configuration["Setup:CodeFile"] ?? "";

    public bool IsConfigured => Path.Length > 0;

    public void Write(string code) => Guard(() =>
    {
        // Made with its final rights and then moved into place: there is no moment in which somebody else can open it,
        // not even where an older file lies.
        var draft = $"{Path}.new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(draft, options))
        {
            writer.WriteLine(code);
        }

        File.Move(draft, Path, overwrite: true);
    });

    public void Delete()
    {
        if (IsConfigured)
        {
            Guard(() => File.Delete(Path));
        }
    }

    private void Guard(Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The file for the set-up code cannot be changed ({exception.Message}): let {Variable} name a file in a folder that this user may write to; now it is {Path}.");
        }
    }
}
