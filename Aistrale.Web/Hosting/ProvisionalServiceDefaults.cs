namespace Aistrale.Web.Hosting;

// Stands in until Aistrale.ServiceDefaults has these two methods; delete this file then, Program.cs stays as it is.
internal static class ProvisionalServiceDefaults
{
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        return builder;
    }

    public static void MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/alive").AllowAnonymous();
        app.MapHealthChecks("/health").AllowAnonymous();
    }
}
