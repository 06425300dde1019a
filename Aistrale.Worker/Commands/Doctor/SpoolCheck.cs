namespace Aistrale.Worker.Commands.Doctor;

/// <summary>Usage records wait in the spool folder for the database; a gateway that cannot write there takes no calls.</summary>
internal static class SpoolCheck
{
    private const string Subject = "spool folder";

    public static IEnumerable<Finding> Run(IConfiguration configuration)
    {
        if (configuration["Spool:Path"] is { Length: > 0 } path)
        {
            yield return Try(path);
        }
    }

    private static Finding Try(string path)
    {
        var probe = Path.Combine(path, $"doctor-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
                return Finding.Ok(Subject, $"{path} can be written to");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(Subject, $"{path} cannot be written to ({exception.Message.TrimEnd('.')}): create it and give it to the user that runs ApiService");
        }
    }
}
