using Aspire.Hosting.Kubernetes.Resources;
using YamlDotNet.Serialization;

namespace Aistrale.AppHost;

/// <summary>The migrations as a workload that runs to its end, which Aspire's Kubernetes publisher does not have.</summary>
internal sealed class KubernetesJob : Workload
{
    public KubernetesJob(ObjectMetaV1 metadata, PodTemplateSpecV1 template)
        : base("batch/v1", "Job")
    {
        Metadata = metadata;
        Metadata.Name = "migrations";
        template.Spec.RestartPolicy = "OnFailure";
        Spec = new JobSpec { Template = template };
    }

    [YamlMember(Alias = "spec")]
    public JobSpec Spec { get; }

    [YamlIgnore]
    public override PodTemplateSpecV1 PodTemplate => Spec.Template;

    internal sealed class JobSpec
    {
        [YamlMember(Alias = "template")]
        public required PodTemplateSpecV1 Template { get; init; }

        [YamlMember(Alias = "backoffLimit")]
        public int BackoffLimit { get; } = 10;

        // A finished job cannot be changed, so it has to be gone before the next upgrade brings a new one.
        [YamlMember(Alias = "ttlSecondsAfterFinished")]
        public int TtlSecondsAfterFinished { get; } = 300;
    }
}
