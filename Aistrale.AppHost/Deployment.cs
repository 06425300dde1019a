// How a Kubernetes volume may be shared is still marked experimental, and there is no other way to say it.
#pragma warning disable ASPIRECOMPUTE002

using Aspire.Hosting.Kubernetes;

namespace Aistrale.AppHost;

/// <summary>What is published: Docker Compose, or a Helm chart for Kubernetes. The files kept by hand are in <c>deploy/</c>.</summary>
internal sealed class Deployment
{
    private const string TargetKey = "AISTRALE_DEPLOY_TO";
    private const string DataVolume = "aistrale-data";
    private const string WebVolume = "aistrale-web";

    public required IResourceBuilder<PostgresServerResource> Postgres { get; init; }
    public required IResourceBuilder<RedisResource> Redis { get; init; }
    public required IResourceBuilder<ProjectResource> Migrations { get; init; }
    public required IResourceBuilder<ProjectResource> Api { get; init; }
    public required IResourceBuilder<ProjectResource> Worker { get; init; }
    public required IResourceBuilder<ProjectResource> Web { get; init; }

    public void AddTo(IDistributedApplicationBuilder builder)
    {
        // One target for each run: a resource that could go to two environments would have to name one.
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
        RestartOnFailure(Postgres);
        RestartOnFailure(Redis);
        RestartOnFailure(Api);
        RestartOnFailure(Worker);
        RestartOnFailure(Web);
        // Compose only knows that PostgreSQL was started: the first tries may come too early.
        Migrations.PublishAsDockerComposeService((_, service) => service.Restart = "on-failure");
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

    private static void RestartOnFailure<T>(IResourceBuilder<T> resource)
        where T : IComputeResource =>
        resource.PublishAsDockerComposeService((_, service) => service.Restart = "unless-stopped");
}
