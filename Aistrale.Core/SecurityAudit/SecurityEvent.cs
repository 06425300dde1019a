namespace Aistrale.Core.SecurityAudit;

/// <summary>
/// Something that concerns security and happened, or was refused. Who did it, from where and when is added by
/// <see cref="AuditOrigin"/> and the database. Never holds a secret.
/// </summary>
/// <param name="Type">One of <see cref="SecurityEvents"/>.</param>
/// <param name="TargetKind">What it happened to: <c>user</c>, <c>key</c>, <c>token</c>, <c>session</c>, ...</param>
/// <param name="Details">Small facts; written as JSON with sorted names.</param>
internal sealed record SecurityEvent(
    string Type,
    string? TargetKind = null,
    string? TargetId = null,
    string Outcome = SecurityOutcomes.Success,
    Guid? WorkspaceId = null,
    IReadOnlyDictionary<string, string?>? Details = null);

internal static class SecurityOutcomes
{
    public const string Success = "success";
    public const string Failure = "failure";
    public const string Denied = "denied";
}
