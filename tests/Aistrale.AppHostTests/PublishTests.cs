using Aistrale.Contracts;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Testing;
using Xunit;

namespace Aistrale.AppHostTests;

/// <summary>The two publish environments; files are written to a temporary folder, nothing is built or started.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("aistrale-publish-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sandbox_is_not_deployed()
    {
        await using var model = await AppHostModel.PublishModeAsync("--output-path", _output);

        Assert.DoesNotContain(model.Resources, resource => resource.Name == ResourceNames.Sandbox);
        Assert.DoesNotContain("Sandbox__Origin", await model.EnvironmentKeysAsync(ResourceNames.ApiService, Ct));
    }

    [Fact]
    public async Task Compose_is_the_default_and_Kubernetes_the_other_target()
    {
        await using var compose = await AppHostModel.PublishModeAsync("--output-path", _output);
        await using var kubernetes = await AppHostModel.PublishModeAsync("--output-path", _output, "--AISTRALE_DEPLOY_TO", "kubernetes");

        Assert.Single(compose.Resources.OfType<DockerComposeEnvironmentResource>());
        Assert.Empty(compose.Resources.OfType<KubernetesEnvironmentResource>());
        Assert.Single(kubernetes.Resources.OfType<KubernetesEnvironmentResource>());
        Assert.Empty(kubernetes.Resources.OfType<DockerComposeEnvironmentResource>());
    }

    [Fact]
    public async Task An_unknown_target_is_refused_in_one_sentence()
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(
            () => AppHostModel.PublishModeAsync("--output-path", _output, "--AISTRALE_DEPLOY_TO", "mainframe"));

        Assert.Contains("AISTRALE_DEPLOY_TO is \"mainframe\": write compose or kubernetes", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ResourceNames.ApiService)]
    [InlineData(ResourceNames.Worker)]
    [InlineData(ResourceNames.Web)]
    public async Task What_a_service_must_keep_is_on_a_volume_and_its_metrics_are_not_public(string service)
    {
        await using var model = await AppHostModel.PublishModeAsync("--output-path", _output);

        var mount = Assert.Single(model[service].Annotations.OfType<ContainerMountAnnotation>());
        var environment = await model.EnvironmentAsync(service, Ct);

        Assert.Equal((ContainerMountType.Volume, "/home/app"), (mount.Type, mount.Target));
        foreach (var path in environment.Where(variable => variable.Key is "Spool__Path" or "Audit__CheckpointPath" or "DataProtection__Path"))
        {
            Assert.StartsWith("/home/app/", path.Value, StringComparison.Ordinal);
        }

        Assert.Equal("9464", environment["Metrics__Port"]);
        Assert.DoesNotContain("ASPNETCORE_FORWARDEDHEADERS_ENABLED", environment.Keys);
    }

    [Fact]
    public async Task The_compose_file_starts_services_after_the_migrations_and_holds_no_secret()
    {
        await PublishAsync("compose");

        var file = await File.ReadAllTextAsync(Path.Combine(_output, "docker-compose.yaml"), Ct);
        var answers = await File.ReadAllLinesAsync(Path.Combine(_output, ".env"), Ct);

        Assert.Contains("condition: \"service_completed_successfully\"", file, StringComparison.Ordinal);
        Assert.Contains("condition: \"service_healthy\"", file, StringComparison.Ordinal);
        Assert.Contains("- \"5080:${WEB_PORT}\"", file, StringComparison.Ordinal);
        Assert.Contains("Password=${APP_PASSWORD}", file, StringComparison.Ordinal);
        Assert.Contains("KEY_ENCRYPTION_KEY=", answers);
        Assert.Contains("APP_PASSWORD=", answers);
    }

    [Fact]
    public async Task The_chart_runs_migrations_as_a_job_and_probes_in_the_clusters_own_words()
    {
        await PublishAsync("kubernetes");

        var migrations = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(_output, "templates", "migrations"), "migrations*.yaml")), Ct);
        var api = await File.ReadAllTextAsync(Path.Combine(_output, "templates", "apiservice", "statefulset.yaml"), Ct);
        var values = await File.ReadAllTextAsync(Path.Combine(_output, "values.yaml"), Ct);

        Assert.Contains("kind: \"Job\"", migrations, StringComparison.Ordinal);
        Assert.Contains("restartPolicy: \"OnFailure\"", migrations, StringComparison.Ordinal);
        Assert.Contains("scheme: \"HTTP\"", api, StringComparison.Ordinal);
        Assert.Contains("path: \"/alive\"", api, StringComparison.Ordinal);
        Assert.Contains("path: \"/health\"", api, StringComparison.Ordinal);
        Assert.Contains("claimName: \"aistrale-data\"", api, StringComparison.Ordinal);
        Assert.Contains("app_password: \"\"", values, StringComparison.Ordinal);
        Assert.Contains("key_encryption_key: \"\"", values, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_output, recursive: true);

    private async Task PublishAsync(string target)
    {
        // Kubernetes asks for what has no default; none of these values may reach a file.
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Aistrale_AppHost>(
            [
                "--operation", "publish", "--step", "publish", "--output-path", _output, "--AISTRALE_DEPLOY_TO", target,
                "--Parameters:key-encryption-key", Convert.ToBase64String(new byte[32]), "--Parameters:public-origins", "https://console.example",
            ],
            Ct);
        await using var application = await builder.BuildAsync(Ct);
        await application.RunAsync(Ct);
    }
}
