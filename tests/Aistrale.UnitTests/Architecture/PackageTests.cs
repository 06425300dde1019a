using System.Text.RegularExpressions;
using Xunit;

namespace Aistrale.UnitTests.Architecture;

public sealed partial class PackageTests
{
    private static readonly string[] MayUseAspirePackages =
    [
        "Aistrale.AppHost/Aistrale.AppHost.csproj",
        "Aistrale.ServiceDefaults/Aistrale.ServiceDefaults.csproj",
        "tests/Aistrale.AppHostTests/Aistrale.AppHostTests.csproj",
    ];

    [Fact]
    public void Every_central_version_is_exact()
    {
        var loose = Repository.Xml("Directory.Packages.props").Descendants("PackageVersion")
            .Where(package => !ExactVersion().IsMatch(package.Attribute("Version")!.Value))
            .Select(package => package.Attribute("Include")!.Value);

        Assert.Empty(loose);
    }

    [Fact]
    public void Every_package_reference_takes_its_version_from_the_central_list()
    {
        var central = Repository.Xml("Directory.Packages.props").Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value)
            .ToHashSet();
        var strays =
            from path in Repository.Files(".csproj", ".props", ".targets")
            from package in Repository.Xml(path).Descendants("PackageReference")
            let name = package.Attribute("Include")?.Value
            where name is not null
            where !central.Contains(name) || package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
            select $"{path}: {name}";

        Assert.Empty(strays);
    }

    [Fact]
    public void Aspire_packages_are_used_behind_the_switch_in_three_projects_only()
    {
        var strays =
            from path in Repository.Files(".csproj", ".props")
            from package in Repository.Xml(path).Descendants().Where(element => element.Name.LocalName is "PackageReference" or "PackageVersion")
            where package.Attribute("Include")?.Value.StartsWith("Aspire.", StringComparison.Ordinal) == true
            let switched = package.AncestorsAndSelf().Any(element => element.Attribute("Condition")?.Value == "'$(UseAspire)' == 'true'")
            let allowed = path == "Directory.Packages.props" || MayUseAspirePackages.Contains(path)
            where !switched || !allowed
            select $"{path}: {package.Attribute("Include")!.Value}";

        Assert.Empty(strays);
    }

    [Fact]
    public void Only_DataClients_and_the_app_host_are_written_for_Aspire()
    {
        var strays = Repository.Files(".cs", ".razor")
            .Where(path => !path.StartsWith("Aistrale.AppHost/", StringComparison.Ordinal)
                && !path.StartsWith("tests/Aistrale.AppHostTests/", StringComparison.Ordinal)
                && !path.StartsWith("tests/Aistrale.UnitTests/Architecture/", StringComparison.Ordinal)
                && path != "Aistrale.ServiceDefaults/DataClients.cs")
            .Where(path => UsesAspire().IsMatch(Repository.Text(path)));

        Assert.Empty(strays);
    }

    // 10.0.15, 1.20.1-beta.1; not 10.0.*, [1.0,2.0) or 1.2
    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[0-9A-Za-z.]+)?$")]
    private static partial Regex ExactVersion();

    // "#if ASPIRE", "#if !ASPIRE", "using Aspire.Hosting;", "Aspire.Npgsql.X"
    [GeneratedRegex(@"^\s*#(if|elif)\b.*\bASPIRE\b|\busing\s+Aspire\b|\bAspire\.(Hosting|Npgsql|StackExchange)\b", RegexOptions.Multiline)]
    private static partial Regex UsesAspire();
}
