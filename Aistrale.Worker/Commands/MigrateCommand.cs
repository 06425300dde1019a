using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Worker.Jobs;

namespace Aistrale.Worker.Commands;

/// <summary>Brings the database up to date and sees to the first administrator. Safe to run again, and by two at once.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(CancellationToken ct)
    {
        using var host = CommandHost.Build(ResourceNames.MigratorDatabase);
        await host.Services.GetRequiredService<DatabaseWait>().UntilItAnswersAsync(ct);
        await host.Services.GetRequiredService<DatabaseMigrator>().RunAsync(QuartzTables.ProvisionAsync, ct);
        await Console.Out.WriteLineAsync("The database is up to date.");

        await using var scope = host.Services.CreateAsyncScope();
        await Console.Out.WriteLineAsync(await scope.ServiceProvider.GetRequiredService<FirstAdmin>().EnsureAsync(ct));
        return ExitCodes.Done;
    }
}
