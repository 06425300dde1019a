using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.LocalHost;

public class LocalStackTests
{
    private static readonly string[] Services = [LocalStack.Sandbox, LocalStack.ApiService, LocalStack.Worker, LocalStack.Web];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_product_starts_survives_a_killed_service_and_stops_in_order_without_leaving_anything()
    {
        var stack = await LocalStack.StartAsync(Ct);
        var processes = new List<int>();
        var ended = new List<string>();
        long stopBegan;
        await using (stack)
        {
            processes.AddRange(Services.Select(service => stack.ProcessIdOf(service)!.Value));
            using var http = new HttpClient();
            Assert.True((await http.GetAsync(new Uri(stack.ApiOrigin, "/health"), Ct)).IsSuccessStatusCode);

            await stack.KillAsync(LocalStack.ApiService, Ct);
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(stack.ApiOrigin, "/health"), Ct));

            await stack.StartAsync(LocalStack.ApiService, Ct);
            Assert.True((await http.GetAsync(new Uri(stack.ApiOrigin, "/health"), Ct)).IsSuccessStatusCode);
            Assert.DoesNotContain(stack.AdminPassword, stack.AllLogs(lines: 1000), StringComparison.Ordinal);
            processes.Add(stack.ProcessIdOf(LocalStack.ApiService)!.Value);

            // Raised one after the other, so the list needs no lock.
            stack.Session.Changed += state => ended.AddRange(
                state.Services.Where(service => service.State == ServiceState.Stopped).Select(service => service.Name).Except(ended));
            stopBegan = TimeProvider.System.GetTimestamp();
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(stopBegan).TotalSeconds, 0, 10);
        Assert.Equal(LocalStack.Web, ended[0]);
        Assert.Equal([LocalStack.ApiService, LocalStack.Worker], ended[1..3].Order());
        Assert.Equal(LocalStack.Sandbox, ended[3]);
        Assert.Equal([LocalStack.Postgres, LocalStack.Redis], ended[4..].Order());

        Assert.DoesNotContain(processes, process => Directory.Exists($"/proc/{process}"));
        Assert.False(Directory.Exists(stack.HomePath));
    }
}
