using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Aistrale.UnitTests.Architecture;

public sealed class ProjectReferenceTests
{
    /// <summary>Each product project, and the ones it may link to. A reference that only orders the build is not a link.</summary>
    private static readonly Dictionary<string, string[]> AllowedLinks = new()
    {
        ["Aistrale.AppHost"] = [],
        ["Aistrale.LocalHost"] = [],
        ["Aistrale.ServiceDefaults"] = [],
        ["Aistrale.Contracts"] = [],
        ["Aistrale.Core"] = ["Aistrale.Contracts"],
        ["Aistrale.ApiService"] = ["Aistrale.Core", "Aistrale.Contracts", "Aistrale.ServiceDefaults"],
        ["Aistrale.Worker"] = ["Aistrale.Core", "Aistrale.Contracts", "Aistrale.ServiceDefaults"],
        ["Aistrale.Web"] = ["Aistrale.Contracts", "Aistrale.ServiceDefaults"],
        ["Aistrale.Sandbox"] = [],
    };

    public static TheoryData<string> ProductProjects => [.. AllowedLinks.Keys];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void A_project_links_only_to_the_projects_it_may(string project)
    {
        var links = Repository.Xml($"{project}/{project}.csproj").Descendants("ProjectReference").Where(IsLink).Select(ProjectName);

        Assert.Empty(links.Except(AllowedLinks[project]));
    }

    [Fact]
    public void Every_product_project_has_its_line_in_the_table()
    {
        var projects = Repository.Files(".csproj")
            .Where(path => !path.StartsWith("tests/", StringComparison.Ordinal) && !path.StartsWith("bench/", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Equal(AllowedLinks.Keys.Order(), projects.Order());
    }

    [Fact]
    public void No_product_project_refers_to_a_test_project()
    {
        var references =
            from path in Repository.Files(".csproj")
            where !path.StartsWith("tests/", StringComparison.Ordinal)
            from reference in Repository.Xml(path).Descendants("ProjectReference")
            where ProjectName(reference).EndsWith("Tests", StringComparison.Ordinal)
            select $"{path} -> {ProjectName(reference)}";

        Assert.Empty(references);
    }

    [Fact]
    public void Core_knows_no_http_request()
    {
        string[] hosts = ["Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Mvc", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server"];

        var strays = ReferencesOf("Aistrale.Core").Where(name => hosts.Any(host => name.StartsWith(host, StringComparison.Ordinal))).ToArray();

        Assert.Empty(strays);
    }

    [Fact]
    public void Web_reaches_neither_the_rules_nor_the_database_nor_Redis()
    {
        string[] forbidden = ["Aistrale.Core", "Microsoft.EntityFrameworkCore", "Npgsql", "StackExchange.Redis"];

        var packages = Repository.Xml("Aistrale.Web/Aistrale.Web.csproj").Descendants("PackageReference")
            .Select(package => package.Attribute("Include")!.Value);

        var strays = ReferencesOf("Aistrale.Web").Concat(packages)
            .Where(name => forbidden.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            .ToArray();

        Assert.Empty(strays);
    }

    // The compiler lists only assemblies whose types are really used.
    private static IEnumerable<string> ReferencesOf(string assembly) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!);

    // In the app host a reference names a resource to start, unless it says otherwise.
    private static bool IsLink(XElement reference) =>
        IsAppHost(reference)
            ? (string?)reference.Attribute("IsAspireProjectResource") == "false"
            : (string?)reference.Attribute("ReferenceOutputAssembly") != "false";

    private static bool IsAppHost(XElement reference) =>
        reference.AncestorsAndSelf().Last().Elements("Import").Any(import => (string?)import.Attribute("Sdk") == "Aspire.AppHost.Sdk");

    private static string ProjectName(XElement reference) =>
        Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
}
