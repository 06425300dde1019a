using Aistrale.LocalHost;
using Aistrale.LocalHost.Commands;

using var signals = new StopSignals();
try
{
    return await CommandLine.RunAsync(args, TimeProvider.System, signals.Token);
}
catch (Refusal refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return refusal.ExitCode;
}
catch (UnauthorizedAccessException failure)
{
    await Console.Error.WriteLineAsync($"{failure.Message} Run this as the user who started Aistrale.");
    return Refusal.Unusable;
}
catch (OperationCanceledException)
{
    return Refusal.Failed;
}
