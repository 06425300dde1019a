namespace Aistrale.ServiceDefaults;

/// <summary>Every trace source and meter of the product. Dashboards and tests read these names too.</summary>
public static class AistraleTelemetry
{
    public const string Gateway = "Aistrale.Gateway";
    public const string Usage = "Aistrale.Usage";
    public const string Jobs = "Aistrale.Jobs";

    public static readonly IReadOnlyList<string> Sources = [Gateway, Jobs];
    public static readonly IReadOnlyList<string> Meters = [Gateway, Usage, Jobs];
}
