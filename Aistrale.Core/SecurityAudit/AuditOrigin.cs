namespace Aistrale.Core.SecurityAudit;

public static class AuditActors
{
    /// <summary>Nobody is signed in.</summary>
    public const string Anonymous = "anonymous";
    public const string User = "user";

    /// <summary>A program with an Aistrale key.</summary>
    public const string Key = "key";

    /// <summary>Whoever runs commands on the server.</summary>
    public const string Operator = "operator";

    /// <summary>Aistrale itself: jobs, migrations.</summary>
    public const string System = "system";
}

/// <summary>Who acts at this moment and from where; the edge of the process sets it, the security audit writes it down.</summary>
/// <param name="Kind">One of <see cref="AuditActors"/>.</param>
/// <param name="ActorId">The user's id; for a key, the key's.</param>
/// <param name="Address">The client's address, shortened to its network.</param>
public sealed record AuditOrigin(string Kind, Guid? ActorId = null, string? Address = null, string? RequestId = null, Guid? WorkspaceId = null)
{
    private static readonly AsyncLocal<AuditOrigin?> Ambient = new();

    public static AuditOrigin Current
    {
        get => Ambient.Value ?? new AuditOrigin(AuditActors.System);
        set => Ambient.Value = value;
    }
}
