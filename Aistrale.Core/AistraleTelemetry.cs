namespace Aistrale.Core;

/// <summary>Every trace source, meter and metric of the product. ServiceDefaults exports all that begins with "Aistrale."; dashboards and tests read these names.</summary>
public static class AistraleTelemetry
{
    public const string Gateway = "Aistrale.Gateway";
    public const string Usage = "Aistrale.Usage";
    public const string Jobs = "Aistrale.Jobs";
}
