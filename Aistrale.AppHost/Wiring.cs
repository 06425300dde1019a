// Probes for deployments are still marked experimental; the health checks they stand for are not.
#pragma warning disable ASPIREPROBES001

namespace Aistrale.AppHost;

/// <summary>The few words that AppHost.cs uses and Aspire does not have.</summary>
internal static class Wiring
{
    /// <summary>A run of a project that serves nothing, so that it takes no port from the project's other resource.</summary>
    public static void WithoutEndpoints(ProjectResourceOptions project)
    {
        project.ExcludeLaunchProfile = true;
        project.ExcludeKestrelEndpoints = true;
    }

    /// <summary>The connection string of one database role, in the form that Npgsql reads.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddRoleConnection(
        this IResourceBuilder<PostgresDatabaseResource> database, string name, string role, IResourceBuilder<ParameterResource> password)
    {
        var server = database.Resource.Parent;
        return database.ApplicationBuilder
            .AddConnectionString(
                name,
                ReferenceExpression.Create($"Host={server.Host};Port={server.Port};Database={database.Resource.DatabaseName};Username={role};Password={password}"))
            // Read by nothing; but a Helm chart's values only hold a password that also stands alone in a variable.
            .WithConnectionProperty("Password", ReferenceExpression.Create($"{password}"));
    }

    /// <summary>The port on this machine, in place of the launch profile's, so that two checkouts can run side by side.</summary>
    public static IResourceBuilder<ProjectResource> WithPort(this IResourceBuilder<ProjectResource> project, int port) =>
        project.WithEndpoint("http", endpoint => endpoint.Port = port);

    /// <summary>Ready means <c>/health</c>; deployments also restart what no longer answers <c>/alive</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithHealth(this IResourceBuilder<ProjectResource> project) =>
        project.ApplicationBuilder.ExecutionContext.IsRunMode
            ? project.WithHttpHealthCheck("/health", endpointName: "http")
            : project
                .WithHttpProbe(ProbeType.Readiness, "/health", endpointName: "http")
                .WithHttpProbe(ProbeType.Liveness, "/alive", endpointName: "http");
}
