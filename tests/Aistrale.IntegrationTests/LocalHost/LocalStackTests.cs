using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.LocalHost;

public class LocalStackTests
{
    private static readonly string[] Services = [LocalStack.Sandbox, LocalStack.ApiService, LocalStack.Worker, LocalStack.Web];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_product_starts_survives_a_killed_service_and_leaves_nothing_behind()
    {
        var stack = await LocalStack.StartAsync(Ct);
        var processes = new List<int>();
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
        }

        Assert.DoesNotContain(processes, process => Directory.Exists($"/proc/{process}"));
        Assert.False(Directory.Exists(stack.HomePath));
    }
}
