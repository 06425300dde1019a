using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Aistrale.Web.Http;

/// <summary>Turns <c>http://apiservice</c> into the addresses that service discovery knows (<c>services:apiservice:http:0</c>, ...).</summary>
internal sealed class ServiceDiscoveryDestinationResolver(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>();
        var changes = new List<IChangeToken>();
        foreach (var (name, destination) in destinations)
        {
            var source = await resolver.GetEndpointsAsync(destination.Address, cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (var endpoint in source.Endpoints)
            {
                // Sample: http://127.0.0.1:5081 or 10.1.2.3:8080
                var address = endpoint.ToString() ?? "";
                resolved[$"{name}[{address}]"] = destination with
                {
                    Address = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}",
                };
            }
        }

        return new ResolvedDestinationCollection(resolved, changes.Count > 0 ? new CompositeChangeToken(changes) : null);
    }
}
