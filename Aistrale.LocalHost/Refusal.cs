namespace Aistrale.LocalHost;

/// <summary>
/// Something that the person at the keyboard has to know: one sentence that says what is wrong and what to do.
/// <see cref="ExitCode"/> 2 means used wrongly or something missing, 1 means it was tried and failed.
/// </summary>
internal sealed class Refusal(string message, int exitCode = Refusal.Unusable) : Exception(message)
{
    public const int Failed = 1;
    public const int Unusable = 2;

    public int ExitCode { get; } = exitCode;
}
