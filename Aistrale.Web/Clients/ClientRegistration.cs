using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aistrale.Web.Clients;

internal static class ClientRegistration
{
    public static void AddApiClients(this IServiceCollection services)
    {
        // The standard resilience handler cuts each attempt at 10 s and repeats POSTs: a long answer would be cut off and paid for again.
        // A page that could not load says so and tries again itself, so plain calls need no second layer either.
#pragma warning disable EXTEXP0001 // The only way to take the default handler off one client; marked experimental by its library.
        services.AddHttpClient(ApiConnection.HttpClientName)
            .RemoveAllResilienceHandlers()
            .UseSocketsHttpHandler((handler, _) =>
            {
                // Every user's cookie goes out by hand; a shared jar would mix them.
                handler.UseCookies = false;
                handler.AllowAutoRedirect = false;
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            });
#pragma warning restore EXTEXP0001
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<ApiConnection>();
        services.AddScoped<AuthClient>();
        services.AddScoped<InferenceClient>();
        services.AddScoped<TelemetryClient>();
        services.AddScoped<KeysClient>();
        services.AddScoped<TokensClient>();
    }
}
