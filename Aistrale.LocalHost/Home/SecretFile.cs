namespace Aistrale.LocalHost.Home;

/// <summary>Writes files that only their owner may read, complete or not at all.</summary>
internal static class SecretFile
{
    public static void Write(string path, string content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(temporary, options))
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(content);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
