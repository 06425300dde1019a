// How a Kubernetes volume may be shared is still marked experimental, and there is no other way to say it.
#pragma warning disable ASPIRECOMPUTE002

using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aistrale.AppHost;

/// <summary>What is published: Docker Compose, or a Helm chart for Kubernetes. The files kept by hand are in <c>deploy/</c>.</summary>
internal sealed class Deployment
{
    private const string TargetKey = "AISTRALE_DEPLOY_TO";
    private const string DataVolume = "aistrale-data";
    private const string WebVolume = "aistrale-web";

    // Inside the container only: no published port and no Kubernetes service leads there.
    private const string MetricsPort = "9464";

    public required IResourceBuilder<PostgresServerResource> Postgres { get; init; }
    public required IResourceBuilder<RedisResource> Redis { get; init; }
    public required IResourceBuilder<ProjectResource> Migrations { get; init; }
    public required IResourceBuilder<ProjectResource> Api { get; init; }
    public required IResourceBuilder<ProjectResource> Worker { get; init; }
    public required IResourceBuilder<ProjectResource> Web { get; init; }

    public void AddTo(IDistributedApplicationBuilder builder)
    {
        foreach (var service in new[] { Api, Worker, Web })
        {
            service
                .WithEnvironment("Metrics__Port", MetricsPort)
                // Would believe an X-Forwarded-For from anyone, and with it a forged address.
                .DisableForwardedHeaders()
                // Containers serve plain http; whoever faces the network puts TLS in front.
                .WithEndpoint("https", endpoint => endpoint.IsExternal = false, createIfNotExists: false);
        }

        // One target for each run: with two, every resource would have to name its own.
        var target = builder.Configuration[TargetKey] is { Length: > 0 } given ? given : "compose";
        switch (target)
        {
            case "compose":
                AddCompose(builder);
                break;
            case "kubernetes":
                AddKubernetes(builder);
                break;
            default:
                throw new InvalidOperationException($"{TargetKey} is \"{target}\": write compose or kubernetes, or leave it out for compose.");
        }
    }

    private void AddCompose(IDistributedApplicationBuilder builder)
    {
        builder.AddDockerComposeEnvironment("compose");
        Mount(Api, DataVolume);
        Mount(Worker, DataVolume);
        Mount(Web, WebVolume);
        KeepRunning(Postgres);
        KeepRunning(Redis);
        KeepRunning(Api);
        KeepRunning(Worker);
        KeepRunning(Web);

        // "Started" is too early for a schema. Over TCP, because while the image sets itself up it answers on its socket only.
        Postgres.PublishAsDockerComposeService((_, service) => service.Healthcheck = new Healthcheck
        {
            Test = ["CMD-SHELL", "pg_isready --host 127.0.0.1 --username postgres"],
            StartPeriod = "60s",
            Interval = "3s",
            Timeout = "3s",
            Retries = 10,
        });
        Migrations.PublishAsDockerComposeService((_, service) => service.DependsOn["postgres"].Condition = "service_healthy");
    }

    private void AddKubernetes(IDistributedApplicationBuilder builder)
    {
        var cluster = builder.AddKubernetesEnvironment("kubernetes");
        Postgres.WithPersistentVolume(cluster.AddPersistentVolume("aistrale-postgres").WithCapacity("20Gi"));
        Redis.WithPersistentVolume(cluster.AddPersistentVolume("aistrale-redis").WithCapacity("1Gi"));

        // Shared by all instances: another ApiService takes over the spool of one that is gone.
        var data = cluster.AddPersistentVolume(DataVolume).WithAccessMode(PersistentVolumeAccessMode.ReadWriteMany).WithCapacity("10Gi");
        Api.WithPersistentVolume(data, Settings.ContainerHome);
        Worker.WithPersistentVolume(data, Settings.ContainerHome);
        Web.WithPersistentVolume(
            cluster.AddPersistentVolume(WebVolume).WithAccessMode(PersistentVolumeAccessMode.ReadWriteMany).WithCapacity("1Gi"),
            Settings.ContainerHome);
        Migrations.PublishAsKubernetesService(RunOnce);
        foreach (var service in new[] { Api, Worker, Web })
        {
            service.PublishAsKubernetesService(WriteProbeSchemesAsKubernetesDoes);
        }
    }

    // Aspire 13.5 writes "http"; the cluster knows "HTTP" only, and refuses the workload.
    private static void WriteProbeSchemesAsKubernetesDoes(KubernetesResource resource)
    {
        var probes = resource.Workload?.PodTemplate.Spec.Containers.SelectMany(container => new[] { container.LivenessProbe, container.ReadinessProbe });
        foreach (var request in probes?.Select(probe => probe?.HttpGet).OfType<HttpGetActionV1>() ?? [])
        {
            request.Scheme = request.Scheme.ToUpperInvariant();
        }
    }

    // A program that ends would be started again and again as a deployment.
    private static void RunOnce(KubernetesResource resource)
    {
        if (resource.Workload is { } workload)
        {
            resource.Workload = new KubernetesJob(workload.Metadata, workload.PodTemplate);
        }
    }

    // Projects have no WithVolume of their own; both publishers read this annotation.
    private static void Mount(IResourceBuilder<ProjectResource> project, string volume) =>
        project.WithAnnotation(new ContainerMountAnnotation(volume, Settings.ContainerHome, ContainerMountType.Volume, isReadOnly: false));

    private static void KeepRunning<T>(IResourceBuilder<T> resource)
        where T : IComputeResource =>
        resource.PublishAsDockerComposeService((_, service) => service.Restart = "unless-stopped");
}
