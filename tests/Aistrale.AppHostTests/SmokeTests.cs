using System.Net;
using Aistrale.Contracts;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aistrale.AppHostTests;

/// <summary>The whole topology for real: needs a container runtime, so it is left out with <c>--filter-not-trait Category=Smoke</c>.</summary>
[Trait("Category", "Smoke")]
public sealed class SmokeTests : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private DistributedApplication? _application;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DistributedApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        var home = Directory.CreateTempSubdirectory("aistrale-smoke-").FullName;
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Aistrale_AppHost>(["--AISTRALE_HOME", home], Ct);

        // The developer's own data stays untouched.
        foreach (var resource in builder.Resources)
        {
            foreach (var mount in resource.Annotations.OfType<ContainerMountAnnotation>().ToArray())
            {
                resource.Annotations.Remove(mount);
            }
        }

        _application = await builder.BuildAsync(Ct);
        await _application.StartAsync(Ct).WaitAsync(StartLimit, Ct);
        var notifications = _application.Services.GetRequiredService<ResourceNotificationService>();
        foreach (var service in new[] { ResourceNames.ApiService, ResourceNames.Worker, ResourceNames.Web, ResourceNames.Sandbox })
        {
            await notifications.WaitForResourceHealthyAsync(service, WaitBehavior.StopOnResourceUnavailable, Ct).WaitAsync(StartLimit, Ct);
        }
    }

    [Theory]
    [InlineData(ResourceNames.ApiService, "/alive")]
    [InlineData(ResourceNames.ApiService, "/health")]
    [InlineData(ResourceNames.ApiService, "/metrics")]
    [InlineData(ResourceNames.Worker, "/health")]
    [InlineData(ResourceNames.Web, "/health")]
    [InlineData(ResourceNames.Web, "/login")]
    public async Task A_started_service_answers(string service, string path)
    {
        using var client = Application.CreateHttpClient(service, "http");

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_gateway_refuses_a_caller_without_a_key()
    {
        using var client = Application.CreateHttpClient(ResourceNames.ApiService, "http");

        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
