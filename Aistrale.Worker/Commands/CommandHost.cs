namespace Aistrale.Worker.Commands;

/// <summary>The services of a command: nothing is started, and nothing is logged, since a command speaks to a person.</summary>
internal static class CommandHost
{
    public static HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }

    /// <summary>Without Redis: what a command changes, running services notice by polling.</summary>
    public static IHost Build(string connectionName)
    {
        var builder = CreateBuilder();
        builder.AddDatabase(connectionName);
        builder.AddCore();
        builder.Services.AddSingleton<DatabaseWait>().AddSingleton<SetupCodeFile>().AddScoped<FirstAdmin>();
        return builder.Build();
    }
}
