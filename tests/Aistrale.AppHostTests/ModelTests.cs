using Aistrale.Contracts;
using Aspire.Hosting.ApplicationModel;
using Xunit;

namespace Aistrale.AppHostTests;

public sealed class ModelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What each service reads, by the table of settings in the README; LocalHost and the deploy files supply the same.</summary>
    public static TheoryData<string, string[]> SettingsOfServices => new()
    {
        {
            ResourceNames.Migrations,
            [
                "ConnectionStrings__aistraledb", "ConnectionStrings__aistraledb-worker", "ConnectionStrings__aistraledb-migrator",
                "ConnectionStrings__redis", "Encryption__Key", "AISTRALE_ADMIN_EMAIL", "AISTRALE_ADMIN_PASSWORD", "Setup__CodeFile", "Sandbox__Origin",
            ]
        },
        {
            ResourceNames.ApiService,
            [
                "ConnectionStrings__aistraledb", "ConnectionStrings__redis", "Encryption__Key", "Spool__Path", "Audit__CheckpointPath",
                "AISTRALE_PUBLIC_ORIGINS", "AISTRALE_EGRESS_ALLOW", "Sandbox__Origin",
            ]
        },
        {
            ResourceNames.Worker,
            ["ConnectionStrings__aistraledb-worker", "ConnectionStrings__redis", "Encryption__Key", "Audit__CheckpointPath", "Sandbox__Origin"]
        },
        { ResourceNames.Web, ["services__apiservice__http__0", "DataProtection__Path", "AISTRALE_PUBLIC_ORIGINS"] },
    };

    [Fact]
    public async Task Every_resource_of_the_topology_is_there()
    {
        await using var model = await AppHostModel.RunModeAsync();

        Assert.IsType<PostgresServerResource>(model["postgres"]);
        Assert.Equal("aistrale", Assert.IsType<PostgresDatabaseResource>(model[ResourceNames.Database]).DatabaseName);
        Assert.IsType<RedisResource>(model[ResourceNames.Redis]);
        foreach (var name in new[] { ResourceNames.Migrations, ResourceNames.ApiService, ResourceNames.Worker, ResourceNames.Web, ResourceNames.Sandbox })
        {
            Assert.IsAssignableFrom<ProjectResource>(model[name]);
        }
    }

    [Theory]
    [MemberData(nameof(SettingsOfServices))]
    public async Task Every_setting_that_a_service_reads_is_supplied(string service, string[] settings)
    {
        await using var model = await AppHostModel.RunModeAsync();

        var supplied = await model.EnvironmentKeysAsync(service, Ct);

        Assert.Empty(settings.Except(supplied));
    }

    [Fact]
    public async Task Each_service_gets_the_connection_string_of_its_own_role_only()
    {
        await using var model = await AppHostModel.RunModeAsync();

        var api = await model.EnvironmentAsync(ResourceNames.ApiService, Ct);
        var worker = await model.EnvironmentAsync(ResourceNames.Worker, Ct);
        var web = await model.EnvironmentKeysAsync(ResourceNames.Web, Ct);

        Assert.Contains("aistraledb-app", api["ConnectionStrings__aistraledb"], StringComparison.Ordinal);
        Assert.DoesNotContain(api.Keys, IsWorkersOrMigrators);
        Assert.Contains("aistraledb-worker", worker["ConnectionStrings__aistraledb-worker"], StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStrings__aistraledb", worker.Keys);
        Assert.DoesNotContain("ConnectionStrings__aistraledb-migrator", worker.Keys);
        Assert.DoesNotContain(web, key => key.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || key.StartsWith("Encryption__", StringComparison.Ordinal));

        static bool IsWorkersOrMigrators(string key) =>
            key is "ConnectionStrings__aistraledb-worker" or "ConnectionStrings__aistraledb-migrator";
    }

    [Theory]
    [InlineData("aistraledb-app", "aistrale_app", "app-password")]
    [InlineData("aistraledb-worker", "aistrale_worker", "worker-password")]
    public async Task A_roles_connection_string_names_role_database_and_its_own_password(string resource, string role, string password)
    {
        await using var model = await AppHostModel.RunModeAsync();

        var expression = Assert.IsAssignableFrom<IResourceWithConnectionString>(model[resource]).ConnectionStringExpression.ValueExpression;

        Assert.Equal(
            $"Host={{postgres.bindings.tcp.host}};Port={{postgres.bindings.tcp.port}};Database=aistrale;Username={role};Password={{{password}.value}}",
            expression);
    }

    [Fact]
    public async Task Services_start_after_the_migrations_and_the_console_after_the_api()
    {
        await using var model = await AppHostModel.RunModeAsync();

        Assert.Contains("aistraledb:WaitUntilHealthy", model.Waits(ResourceNames.Migrations));
        Assert.Contains("migrations:WaitForCompletion", model.Waits(ResourceNames.ApiService));
        Assert.Contains("redis:WaitUntilHealthy", model.Waits(ResourceNames.ApiService));
        Assert.Contains("migrations:WaitForCompletion", model.Waits(ResourceNames.Worker));
        Assert.Contains("redis:WaitUntilHealthy", model.Waits(ResourceNames.Worker));
        Assert.Contains("apiservice:WaitUntilHealthy", model.Waits(ResourceNames.Web));
        Assert.Empty(model.Waits(ResourceNames.Sandbox));
    }

    [Theory]
    [InlineData(ResourceNames.ApiService, true)]
    [InlineData(ResourceNames.Web, true)]
    [InlineData(ResourceNames.Worker, false)]
    [InlineData(ResourceNames.Sandbox, false)]
    public async Task A_service_is_health_checked_and_reachable_from_outside_only_if_meant_to(string service, bool external)
    {
        await using var model = await AppHostModel.RunModeAsync();

        var http = Assert.Single(model[service].Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.Name == "http");

        Assert.Equal(external, http.IsExternal);
        Assert.Contains(model[service].Annotations.OfType<HealthCheckAnnotation>(), check => check.Key.Contains("/health", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrations_run_the_workers_binary_with_an_argument_and_serve_nothing()
    {
        await using var model = await AppHostModel.RunModeAsync();
        var migrations = Assert.IsType<ProjectResource>(model[ResourceNames.Migrations]);
        var arguments = new List<object>();
        foreach (var callback in migrations.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await callback.Callback(new CommandLineArgsCallbackContext(arguments, migrations, Ct));
        }

        Assert.Equal(["migrate"], arguments);
        Assert.Empty(migrations.Annotations.OfType<EndpointAnnotation>());
        Assert.EndsWith("Aistrale.Worker.csproj", Assert.Single(migrations.Annotations.OfType<Aspire.Hosting.IProjectMetadata>()).ProjectPath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key-encryption-key")]
    [InlineData("migrator-password")]
    [InlineData("app-password")]
    [InlineData("worker-password")]
    [InlineData("redis-password")]
    [InlineData("admin-password")]
    public async Task Secrets_are_secret_parameters(string parameter)
    {
        await using var model = await AppHostModel.RunModeAsync();

        Assert.True(Assert.IsType<ParameterResource>(model[parameter]).Secret);
    }

    [Fact]
    public async Task Data_of_postgres_and_redis_outlives_the_containers()
    {
        await using var model = await AppHostModel.RunModeAsync();

        Assert.Equal(ContainerMountType.Volume, Assert.Single(model["postgres"].Annotations.OfType<ContainerMountAnnotation>()).Type);
        Assert.Equal(ContainerMountType.Volume, Assert.Single(model[ResourceNames.Redis].Annotations.OfType<ContainerMountAnnotation>()).Type);
    }

    [Fact]
    public async Task Ports_follow_the_command_lines_variables()
    {
        await using var model = await AppHostModel.RunModeAsync("--AISTRALE_API_PORT", "7181", "--AISTRALE_WEB_PORT", "7180");

        Assert.Equal(7181, PortOf(ResourceNames.ApiService));
        Assert.Equal(7180, PortOf(ResourceNames.Web));
        Assert.Equal(5082, PortOf(ResourceNames.Sandbox));

        int? PortOf(string service) =>
            Assert.Single(model[service].Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.Name == "http").Port;
    }

    [Fact]
    public async Task A_port_that_is_no_number_is_refused_in_one_sentence()
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => AppHostModel.RunModeAsync("--AISTRALE_API_PORT", "eighty"));

        Assert.Contains("AISTRALE_API_PORT is \"eighty\"", refusal.ToString(), StringComparison.Ordinal);
    }
}
