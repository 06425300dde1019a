using Aistrale.Worker.Commands.Doctor;

namespace Aistrale.Worker.Commands;

/// <summary>Checks what an installation depends on, one line each. Changes nothing.</summary>
internal static class DoctorCommand
{
    public static async Task<int> RunAsync(CancellationToken ct)
    {
        var configuration = CommandHost.CreateBuilder().Configuration;
        var failed = false;
        await foreach (var finding in CheckAllAsync(configuration, ct))
        {
            failed |= finding.Status == FindingStatus.Fail;
            await Console.Out.WriteLineAsync(finding.ToString());
        }

        return failed ? ExitCodes.Failed : ExitCodes.Done;
    }

    internal static async IAsyncEnumerable<Finding> CheckAllAsync(IConfiguration configuration, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in DatabaseChecks.RunAsync(configuration, ct))
        {
            yield return finding;
        }

        yield return await KeyCheck.RunAsync(configuration, ct);
        yield return await RedisCheck.RunAsync(configuration, ct);
        foreach (var finding in SpoolCheck.Run(configuration).Concat(OriginCheck.Run(configuration)))
        {
            yield return finding;
        }
    }
}
