using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Xunit;

namespace Aistrale.UnitTests.LocalHost;

public class ServiceEnvironmentTests
{
    private static readonly Passwords Generated = Passwords.Generate();
    private static readonly PortBook Ports = new(21001, 21002, 21003);

    [Fact]
    public void Migrations_get_all_three_roles_the_key_and_the_first_administrator()
    {
        var migrations = Create(("AISTRALE_ADMIN_EMAIL", "a@example.org"), ("AISTRALE_ADMIN_PASSWORD", "pw")).Migrations();

        Assert.Equal($"Host=127.0.0.1;Port=21001;Database=aistrale;Username=aistrale_app;Password={Generated.App}", migrations["ConnectionStrings__aistraledb"]);
        Assert.Equal($"Host=127.0.0.1;Port=21001;Database=aistrale;Username=aistrale_worker;Password={Generated.Worker}", migrations["ConnectionStrings__aistraledb-worker"]);
        Assert.Equal($"Host=127.0.0.1;Port=21001;Database=aistrale;Username=aistrale_migrator;Password={Generated.Migrator}", migrations["ConnectionStrings__aistraledb-migrator"]);
        Assert.Equal($"127.0.0.1:21002,password={Generated.Redis}", migrations["ConnectionStrings__redis"]);
        Assert.Equal("/srv/aistrale/keys/kek", migrations["Encryption__KeyFile"]);
        Assert.Equal("/srv/aistrale/setup-code", migrations["Setup__CodeFile"]);
        Assert.Equal("http://127.0.0.1:5082", migrations["Sandbox__Origin"]);
        Assert.Equal("a@example.org", migrations["AISTRALE_ADMIN_EMAIL"]);
        Assert.Equal("pw", migrations["AISTRALE_ADMIN_PASSWORD"]);
    }

    [Fact]
    public void The_api_service_gets_its_own_role_only_and_the_folders_it_writes_to()
    {
        var api = Create(("AISTRALE_ADMIN_PASSWORD", "pw")).ApiService();

        Assert.Contains("Username=aistrale_app", api["ConnectionStrings__aistraledb"], StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStrings__aistraledb-migrator", api.Keys);
        Assert.DoesNotContain("ConnectionStrings__aistraledb-worker", api.Keys);
        Assert.DoesNotContain("AISTRALE_ADMIN_PASSWORD", api.Keys);
        Assert.Equal("http://127.0.0.1:5081", api["ASPNETCORE_URLS"]);
        Assert.Equal("/srv/aistrale/spool", api["Spool__Path"]);
        Assert.Equal("/srv/aistrale/audit", api["Audit__CheckpointPath"]);
        Assert.Equal("http://localhost:5080,http://127.0.0.1:5080", api["AISTRALE_PUBLIC_ORIGINS"]);
        Assert.Equal("127.0.0.1:5082,127.0.0.1:11434", api["AISTRALE_EGRESS_ALLOW"]);
        Assert.Equal("Production", api["DOTNET_ENVIRONMENT"]);
    }

    [Fact]
    public void The_worker_gets_its_own_role_and_a_port_of_its_own()
    {
        var worker = Create().Worker();

        Assert.Contains("Username=aistrale_worker", worker["ConnectionStrings__aistraledb-worker"], StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStrings__aistraledb", worker.Keys);
        Assert.Equal("http://127.0.0.1:21003", worker["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void Web_and_Sandbox_get_no_secret_even_when_the_caller_has_some()
    {
        var environment = Create(
            ("AISTRALE_ADMIN_PASSWORD", "canary-1"), ("ConnectionStrings__aistraledb", "Host=db;Password=canary-2"), ("Encryption__Key", "canary-3"), ("ConnectionStrings__redis", "r,password=canary-4"));

        foreach (var service in new[] { environment.Web(), environment.Sandbox() })
        {
            Assert.DoesNotContain(service.Values, value => value.Contains("canary", StringComparison.Ordinal));
            Assert.DoesNotContain(service.Values, value => value.Contains(Generated.App, StringComparison.Ordinal) || value.Contains(Generated.Redis, StringComparison.Ordinal));
        }

        Assert.Equal("http://127.0.0.1:5081", environment.Web()["services__apiservice__http__0"]);
        Assert.Equal("/srv/aistrale/web-keys", environment.Web()["DataProtection__Path"]);
    }

    [Fact]
    public void What_the_caller_allows_and_configures_is_kept()
    {
        var api = Create(
            ("AISTRALE_EGRESS_ALLOW", "10.0.0.5:8000"), ("AISTRALE_PUBLIC_ORIGINS", "https://console.example.org"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), ("ASPNETCORE_URLS", "http://0.0.0.0:1")).ApiService();

        Assert.StartsWith("10.0.0.5:8000,", api["AISTRALE_EGRESS_ALLOW"], StringComparison.Ordinal);
        Assert.Equal("https://console.example.org", api["AISTRALE_PUBLIC_ORIGINS"]);
        Assert.Equal("http://collector:4317", api["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("http://127.0.0.1:5081", api["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void Servers_named_in_the_environment_replace_our_own_and_one_database_serves_all_roles()
    {
        var migrations = Create(("ConnectionStrings__aistraledb", "Host=db;Database=x"), ("ConnectionStrings__redis", "cache:6379")).Migrations();

        Assert.Equal("Host=db;Database=x", migrations["ConnectionStrings__aistraledb"]);
        Assert.Equal("Host=db;Database=x", migrations["ConnectionStrings__aistraledb-worker"]);
        Assert.Equal("Host=db;Database=x", migrations["ConnectionStrings__aistraledb-migrator"]);
        Assert.Equal("cache:6379", migrations["ConnectionStrings__redis"]);
    }

    [Fact]
    public void Without_the_sandbox_nothing_points_at_it()
    {
        var environment = Create(withSandbox: false);

        Assert.DoesNotContain("Sandbox__Origin", environment.Migrations().Keys);
        Assert.DoesNotContain("Sandbox__Origin", environment.Worker().Keys);
        Assert.Equal("127.0.0.1:11434", environment.ApiService()["AISTRALE_EGRESS_ALLOW"]);
    }

    [Fact]
    public void A_key_that_the_caller_brings_is_used_instead_of_ours()
    {
        var api = Create(("Encryption__KeyFile", "/run/secrets/kek")).ApiService();

        Assert.Equal("/run/secrets/kek", api["Encryption__KeyFile"]);
    }

    private static ServiceEnvironment Create(params (string Key, string Value)[] inherited) => Create(true, inherited);

    private static ServiceEnvironment Create(bool withSandbox, params (string Key, string Value)[] inherited)
    {
        var settings = new HostSettings
        {
            Home = new HomeFolder("/srv/aistrale"),
            Inherited = inherited.ToDictionary(entry => entry.Key, entry => entry.Value),
            WithSandbox = withSandbox,
        };
        return new ServiceEnvironment(settings, ServerAddresses.From(settings, Ports, Generated), Ports);
    }
}
