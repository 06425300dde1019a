using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Telemetry;

public static class TelemetryRegistration
{
    public static IServiceCollection AddTelemetryQueries(this IServiceCollection services) => services
        .AddScoped<TelemetryRepository>()
        .AddScoped<RollupService>();
}
