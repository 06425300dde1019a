using Aistrale.Contracts;
using Microsoft.AspNetCore.Mvc;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Aistrale.Web.Http;

/// <summary>Marks the routes that ApiService answers; this process only passes them on.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProxiedEndpointAttribute : Attribute;

/// <summary>The browser and programs know one origin: /api, /v1 and the API's documents are passed to ApiService.</summary>
internal static class ApiProxy
{
    private const string Cluster = ResourceNames.ApiService;

    // Longer than any pause a model takes between two events; the API ends silent streams itself, well before.
    private static readonly TimeSpan ActivityTimeout = TimeSpan.FromMinutes(30);

    public static void AddApiProxy(this IServiceCollection services)
    {
        services.AddReverseProxy().LoadFromMemory(
            [Route("api"), Route("v1"), Route("openapi"), Route("docs")],
            [new ClusterConfig
            {
                ClusterId = Cluster,
                Destinations = new Dictionary<string, DestinationConfig>
                {
                    [Cluster] = new() { Address = $"http://{ResourceNames.ApiService}" },
                },
                HttpRequest = new ForwarderRequestConfig { ActivityTimeout = ActivityTimeout, AllowResponseBuffering = false },
            }]);
        services.AddSingleton<IDestinationResolver, ServiceDiscoveryDestinationResolver>();
    }

    public static void MapApiProxy(this WebApplication app) =>
        app.MapReverseProxy()
            .WithMetadata(
                new ProxiedEndpointAttribute(),
                new SkipStatusCodePagesAttribute(),
                // The API knows its own limits and names them in the caller's dialect.
                new DisableRequestSizeLimitAttribute());

    private static RouteConfig Route(string segment) => new()
    {
        RouteId = segment,
        ClusterId = Cluster,
        Match = new RouteMatch { Path = $"/{segment}/{{**rest}}" },
    };
}
