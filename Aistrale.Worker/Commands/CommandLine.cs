using System.Runtime.InteropServices;
using Aistrale.Core.SecurityAudit;

namespace Aistrale.Worker.Commands;

/// <summary>The operator's commands. Without an argument the binary is the service, and this is not asked.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Aistrale Worker. Without a command it runs as a service and does the scheduled jobs.

          migrate    bring the database up to date: schema, roles, data keys, the first administrator
          admin create-user --email EMAIL --role admin|user|auditor [--display-name NAME] [--password-stdin]
                     add a user; the password is asked for, or read from the first line of standard input
          doctor     check keys, database, roles, Redis, folders and clocks, and say what to do

        Exit codes: 0 done, 1 failed, 2 used wrongly.
        """;

    public static async Task<int> RunAsync(string[] words)
    {
        if (words is ["--help" or "-h" or "help"])
        {
            await Console.Out.WriteLineAsync(Usage);
            return ExitCodes.Done;
        }

        if (Parse(words, out var mistake) is not { } command)
        {
            await Console.Error.WriteLineAsync(mistake);
            await Console.Error.WriteLineAsync();
            await Console.Error.WriteLineAsync(Usage);
            return ExitCodes.UsedWrongly;
        }

        AuditOrigin.Current = new AuditOrigin(AuditActors.Operator);
        using var stop = new CancellationTokenSource();
        using var interrupt = StopOn(PosixSignal.SIGINT, stop);
        using var terminate = StopOn(PosixSignal.SIGTERM, stop);
        return await ExpectedFailure.ReportAsync(() => command(stop.Token));
    }

    private static Func<CancellationToken, Task<int>>? Parse(string[] words, out string? mistake)
    {
        mistake = null;
        switch (words)
        {
            case ["migrate"]:
                return MigrateCommand.RunAsync;
            case ["doctor"]:
                return DoctorCommand.RunAsync;
            case ["admin", "create-user", .. var options]:
                var arguments = CreateUserArguments.Parse(options, out mistake);
                return arguments is null ? null : ct => CreateUserCommand.RunAsync(arguments, ct);
            default:
                mistake = $"There is no command \"{string.Join(' ', words)}\".";
                return null;
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            // The command ends by itself, after it has undone what it left half done.
            context.Cancel = true;
            stop.Cancel();
        });
}
