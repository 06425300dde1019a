namespace Aistrale.Core.SecurityAudit;

/// <summary>Every type of event that the security audit knows.</summary>
public static class SecurityEvents
{
    public const string SetupCompleted = "setup.completed";
    public const string LoginSucceeded = "login.succeeded";
    public const string LoginFailed = "login.failed";
    public const string LoginThrottled = "login.throttled";
    public const string Logout = "logout";
    public const string SessionRevoked = "session.revoked";
    public const string PasswordChanged = "password.changed";
    public const string PasswordResetIssued = "password.reset_issued";
    public const string LinkRedeemed = "link.redeemed";
    public const string TotpEnabled = "totp.enabled";
    public const string TotpDisabled = "totp.disabled";
    public const string RecoveryCodeUsed = "totp.recovery_code_used";
    public const string UserCreated = "user.created";
    public const string UserChanged = "user.changed";
    public const string UserDeactivated = "user.deactivated";
    public const string UserReactivated = "user.reactivated";
    public const string WorkspaceCreated = "workspace.created";
    public const string WorkspaceChanged = "workspace.changed";
    public const string TokenCreated = "token.created";
    public const string TokenChanged = "token.changed";
    public const string TokenSecretReplaced = "token.secret_replaced";
    public const string TokenDeleted = "token.deleted";
    public const string TokenTested = "token.tested";
    public const string TokenFirstUse = "token.first_use";
    public const string KeyCreated = "key.created";
    public const string KeyChanged = "key.changed";
    public const string KeyRotated = "key.rotated";
    public const string KeyRevoked = "key.revoked";
    public const string AuthorizationDenied = "authorization.denied";
    public const string RotationRequested = "rotation.requested";
    public const string RotationStarted = "rotation.started";
    public const string RotationFinished = "rotation.finished";
    public const string DataKeyActivated = "data_key.activated";
    public const string DataKeyRetired = "data_key.retired";
    public const string DataKeyDestroyed = "data_key.destroyed";
    public const string KeyEncryptionKeyChanged = "key_encryption_key.changed";
    public const string SchemaMigrated = "schema.migrated";
    public const string ServiceStarted = "service.started";
    public const string AuditVerified = "audit.verified";
    public const string AuditExported = "audit.exported";
    public const string AuditPartitionDropped = "audit.partition_dropped";
    public const string UsageExported = "usage.exported";
    public const string BodyRead = "body.read";
}
