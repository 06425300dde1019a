using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.ServiceDefaults;
using Aistrale.Worker;
using Aistrale.Worker.Commands;
using Aistrale.Worker.Jobs;

if (args is not [])
{
    return await CommandLine.RunAsync(args);
}

return await ExpectedFailure.ReportAsync(async () =>
{
    var builder = WebApplication.CreateBuilder();
    builder.AddServiceDefaults();
    builder.AddDatabase(ResourceNames.WorkerDatabase);
    builder.AddRedis();
    builder.AddCore();
    builder.Services.AddData();
    builder.AddJobs();

    await using var app = builder.Build();
    app.MapDefaultEndpoints();
    await app.RunAsync();
    return Environment.ExitCode;
});
