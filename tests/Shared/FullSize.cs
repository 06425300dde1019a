namespace Aistrale.Tests.Shared;

/// <summary>Whether proofs run in full size (<c>./aistrale test faults|scale</c>) or reduced, as in every change's tests.</summary>
internal static class FullSize
{
    public static bool On { get; } = Environment.GetEnvironmentVariable("AISTRALE_FULL_SIZE") == "1";
}
