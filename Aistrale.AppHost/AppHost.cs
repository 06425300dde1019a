using Aistrale.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var settings = Settings.From(builder);
var secrets = Secrets.AddTo(builder);

// One database, three roles. The server's own account migrates; it creates the other two from their connection strings.
var postgres = builder.AddPostgres("postgres", password: secrets.MigratorPassword)
    .WithDataVolume("aistrale-postgres")
    .WithEnvironment("POSTGRES_DB", Settings.DatabaseName);
var database = postgres.AddDatabase("aistraledb", Settings.DatabaseName);
var appDatabase = database.AddRoleConnection("aistraledb-app", "aistrale_app", secrets.AppPassword);
var workerDatabase = database.AddRoleConnection("aistraledb-worker", "aistrale_worker", secrets.WorkerPassword);

var redis = builder.AddRedis("redis", password: secrets.RedisPassword)
    .WithDataVolume("aistrale-redis")
    .WithPersistence(TimeSpan.FromSeconds(10));

// The Worker's binary a second time: brings the schema up to date, creates roles and the first admin, and ends.
var migrations = builder.AddProject<Projects.Aistrale_Worker>("migrations", Wiring.WithoutEndpoints)
    .WithArgs("migrate")
    .WithReference(appDatabase, "aistraledb")
    .WithReference(workerDatabase)
    .WithReference(database, "aistraledb-migrator")
    .WithReference(redis)
    .WithEnvironment("Encryption__Key", secrets.KeyEncryptionKey)
    .WithEnvironment("AISTRALE_ADMIN_EMAIL", secrets.AdminEmail)
    .WithEnvironment("AISTRALE_ADMIN_PASSWORD", secrets.AdminPassword)
    .WithEnvironment("Setup__CodeFile", settings.SetupCodeFile)
    .WithEnvironment("DOTNET_ENVIRONMENT", settings.ServiceEnvironment)
    .WaitFor(database);

var api = builder.AddProject<Projects.Aistrale_ApiService>("apiservice")
    .WithReference(appDatabase, "aistraledb")
    .WithReference(redis)
    .WithEnvironment("Encryption__Key", secrets.KeyEncryptionKey)
    .WithEnvironment("Spool__Path", settings.Spool)
    .WithEnvironment("Audit__CheckpointPath", settings.AuditCheckpoints)
    .WithPort(settings.ApiPort)
    .WithReplicas(settings.Replicas)
    .WithHealth()
    .WithExternalHttpEndpoints()
    .WaitFor(redis)
    .WaitForCompletion(migrations);

var worker = builder.AddProject<Projects.Aistrale_Worker>("worker")
    .WithReference(workerDatabase)
    .WithReference(redis)
    .WithEnvironment("Encryption__Key", secrets.KeyEncryptionKey)
    .WithEnvironment("Audit__CheckpointPath", settings.AuditCheckpoints)
    .WithReplicas(settings.Replicas)
    .WithHealth()
    .WaitFor(redis)
    .WaitForCompletion(migrations);

var web = builder.AddProject<Projects.Aistrale_Web>("web")
    .WithReference(api)
    .WithEnvironment("DataProtection__Path", settings.WebKeys)
    .WithPort(settings.WebPort)
    .WithHealth()
    .WithExternalHttpEndpoints()
    .WaitFor(api);

var publicOrigins = Settings.PublicOrigins(web);
api.WithEnvironment("AISTRALE_PUBLIC_ORIGINS", publicOrigins);
web.WithEnvironment("AISTRALE_PUBLIC_ORIGINS", publicOrigins);

if (builder.ExecutionContext.IsRunMode)
{
    // The free provider is for trying things out; nobody deploys it.
    var sandbox = builder.AddProject<Projects.Aistrale_Sandbox>("sandbox").WithPort(settings.SandboxPort).WithHealth();
    var sandboxPort = sandbox.GetEndpoint("http").Property(EndpointProperty.Port);
    var sandboxOrigin = ReferenceExpression.Create($"http://127.0.0.1:{sandboxPort}");
    migrations.WithEnvironment("Sandbox__Origin", sandboxOrigin);
    api.WithEnvironment("Sandbox__Origin", sandboxOrigin)
        .WithEnvironment("AISTRALE_EGRESS_ALLOW", ReferenceExpression.Create($"127.0.0.1:{sandboxPort},{settings.EgressAllow}"));
    worker.WithEnvironment("Sandbox__Origin", sandboxOrigin);

    FirstAdminLink.ShowWhenReady(web, settings.SetupCodeFile);
    settings.CreateHomeBeforeStart(builder);
}
else
{
    api.WithEnvironment("AISTRALE_EGRESS_ALLOW", builder.AddOptionalParameter("egress-allow", "AISTRALE_EGRESS_ALLOW"));
    new Deployment { Postgres = postgres, Redis = redis, Migrations = migrations, Api = api, Worker = worker, Web = web }.AddTo(builder);
}

builder.Build().Run();
