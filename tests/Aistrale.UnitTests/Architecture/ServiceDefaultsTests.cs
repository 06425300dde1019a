using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Aistrale.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace Aistrale.UnitTests.Architecture;

/// <summary>What every service has in common, seen from outside.</summary>
public sealed class ServiceDefaultsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probes_tell_alive_from_ready_and_nothing_else()
    {
        await using var app = await StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("spool", () => HealthCheckResult.Unhealthy("disk /var full"), [HealthTags.Ready]));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative), Ct);
        using var ready = await client.GetAsync(new Uri("/health", UriKind.Relative), Ct);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (alive.StatusCode, await alive.Content.ReadAsStringAsync(Ct)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Ct)));
        Assert.Empty(ready.Headers.Server);
    }

    [Fact]
    public async Task Probes_and_metrics_are_open_although_everything_else_is_denied()
    {
        await using var app = await StartAsync(
            builder =>
            {
                builder.Services.AddAuthentication("cookie").AddCookie("cookie");
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
                    new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
            });
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };

        foreach (var path in new[] { "/alive", "/health", "/metrics" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Metrics_with_a_port_of_their_own_are_not_on_the_main_one()
    {
        var port = FreePort();
        await using var app = await StartAsync(arguments: ["--Metrics:Port", $"{port}", "--urls", $"http://127.0.0.1:{FreePort()}"]);
        using var client = new HttpClient();

        using var main = await client.GetAsync(new Uri($"{app.Urls.First(url => !url.EndsWith($":{port}", StringComparison.Ordinal))}/metrics"), Ct);
        using var own = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Ct);

        Assert.Equal(HttpStatusCode.NotFound, main.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("DELETE", false)]
    public async Task Only_methods_that_are_safe_to_repeat_are_repeated(string method, bool repeated)
    {
        var upstream = new CountingHandler(HttpStatusCode.ServiceUnavailable);
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
        builder.Services.AddHttpClient("internal").ConfigurePrimaryHttpMessageHandler(() => upstream);
        await using var app = builder.Build();
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("internal");

        using var request = new HttpRequestMessage(new HttpMethod(method), "http://127.0.0.1:9/");
        using var answer = await client.SendAsync(request, Ct);

        Assert.Equal(repeated, upstream.Calls > 1);
    }

    [Fact]
    public void A_missing_database_is_one_sentence_that_names_the_variable()
    {
        var builder = WebApplication.CreateBuilder();
        // Whatever the machine that runs the tests has in its environment.
        builder.Configuration["ConnectionStrings:aistraledb"] = null;
        builder.Configuration["ConnectionStrings:aistraledb-worker"] = null;

        var refusal = Assert.Throws<InvalidOperationException>(() => builder.AddAistraleDatabase<DbContext>("aistraledb-worker"));

        Assert.StartsWith("No database is configured: set ConnectionStrings__aistraledb to", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Passwort=hunter2-secret")]
    [InlineData("hunter2-secret")]
    public void An_unreadable_connection_string_is_refused_without_being_repeated(string connectionString)
    {
        var builder = WebApplication.CreateBuilder(["--ConnectionStrings:aistraledb", connectionString]);

        var refusal = Assert.Throws<InvalidOperationException>(() => builder.AddAistraleDatabase<DbContext>("aistraledb"));

        Assert.Contains("ConnectionStrings__aistraledb cannot be read", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aistrale_worker", "--ConnectionStrings:aistraledb-worker", "Host=db;Username=aistrale_worker")]
    [InlineData("aistrale_app")]
    public async Task A_role_without_a_connection_string_of_its_own_uses_the_shared_one(string expectedRole, params string[] own)
    {
        var builder = WebApplication.CreateBuilder(["--ConnectionStrings:aistraledb", "Host=db;Username=aistrale_app", .. own]);
        builder.AddAistraleDatabase<EmptyContext>("aistraledb-worker");
        await using var app = builder.Build();
        await using var context = await app.Services.GetRequiredService<IDbContextFactory<EmptyContext>>().CreateDbContextAsync(Ct);

        Assert.Equal(expectedRole, new NpgsqlConnectionStringBuilder(context.Database.GetDbConnection().ConnectionString).Username);
    }

    [Fact]
    public async Task A_Redis_that_is_down_does_not_hold_up_the_start()
    {
        await using var app = await StartAsync(builder => builder.AddAistraleRedis("redis"), arguments: ["--ConnectionStrings:redis", $"127.0.0.1:{FreePort()}"]);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health", UriKind.Relative), Ct));
    }

    [Fact]
    public void A_log_entry_is_one_line_of_json_with_the_trace()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var formatter = new JsonLineFormatter(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 16, 56, 33, 691, TimeSpan.Zero)));
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(new Dictionary<string, object?> { ["UserId"] = 7, ["RequestPath"] = "/api/auth/links/one-time-code" });
        KeyValuePair<string, object?>[] state = [new("Hours", 3), new("Costs", 0.25m), new("{OriginalFormat}", "closed {Hours}")];
        using var output = new StringWriter();

        formatter.Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
                LogLevel.Warning, "Aistrale.Jobs", default, state, new InvalidOperationException("first\nsecond"), (_, _) => "closed \"3\"\nhours"),
            scopes,
            output);

        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var json = JsonDocument.Parse(line);
        Assert.Equal("2026-11-23T16:56:33.691Z", json.RootElement.GetProperty("timestamp").GetString());
        Assert.Equal("warning", json.RootElement.GetProperty("level").GetString());
        Assert.Equal("closed \"3\"\nhours", json.RootElement.GetProperty("message").GetString());
        Assert.Equal(activity.TraceId.ToHexString(), json.RootElement.GetProperty("traceId").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("state").GetProperty("Hours").GetInt32());
        Assert.Equal(7, json.RootElement.GetProperty("scope").GetProperty("UserId").GetInt32());
        Assert.Contains("first\nsecond", json.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("one-time-code", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/auth/links/Zx81-one-time", "/api/auth/links/{code}")]
    [InlineData("/api/auth/links", null)]
    [InlineData("/api/tokens/7", null)]
    public void A_one_time_code_in_a_path_is_not_traced(string path, string? traced) =>
        Assert.Equal(traced, Telemetry.HideOneTimeCode(new PathString(path)));

    private static async Task<WebApplication> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? use = null, string[]? arguments = null)
    {
        var builder = WebApplication.CreateBuilder(arguments ?? []);
        if (builder.Configuration["urls"] is null)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }

        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        use?.Invoke(app);
        app.MapDefaultEndpoints();
        await app.StartAsync(Ct);
        return app;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class EmptyContext(DbContextOptions<EmptyContext> options) : DbContext(options);

    private sealed class CountingHandler(HttpStatusCode status) : HttpMessageHandler
    {
        private int _calls;

        public int Calls => _calls;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return Task.FromResult(new HttpResponseMessage(status) { RequestMessage = request });
        }
    }
}
