using System.Security.Cryptography;
using Aistrale.IntegrationTests.Jobs;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.SecurityAudit;

public class AuditChainTests(LocalServers servers)
{
    private const string Append = "SELECT append_security_audit(NULL, 'system', NULL, 'service.started', NULL, NULL, 'success', '203.0.113.0/24', 'r-1', '{\"ä\":\"1\"}')";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_entry_is_chained_to_the_one_before()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);

        var first = await Sql.ScalarAsync<long>(database.App, Append, Ct);
        var second = await Sql.ScalarAsync<long>(database.Worker, Append, Ct);

        Assert.Equal(first + 1, second);
        Assert.Equal(
            await Sql.ScalarAsync<byte[]>(database.App, $"SELECT hash FROM security_audit WHERE seq = {first}", Ct),
            await Sql.ScalarAsync<byte[]>(database.App, $"SELECT previous_hash FROM security_audit WHERE seq = {second}", Ct));
        var hashed = await Sql.ScalarAsync<byte[]>(
            database.App,
            $"SELECT previous_hash || security_audit_canonical(seq, occurred_at, workspace_id, actor_kind, actor_id, type, target_kind, target_id, outcome, address, request_id, details) FROM security_audit WHERE seq = {second}",
            Ct);
        Assert.Equal(SHA256.HashData(hashed), await Sql.ScalarAsync<byte[]>(database.App, $"SELECT hash FROM security_audit WHERE seq = {second}", Ct));
    }
}
