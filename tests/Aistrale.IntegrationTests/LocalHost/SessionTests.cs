using System.Net;
using System.Net.Sockets;
using Aistrale.LocalHost;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;
using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.LocalHost;

public sealed class SessionTests(LocalServers servers) : IDisposable
{
    private readonly TemporaryFolder _folder = new("session");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HomeFolder Home => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_data_folders_run_side_by_side_and_each_password_opens_only_its_own_server()
    {
        using var otherFolder = new TemporaryFolder("session");
        await using var one = await StartServersAsync(_folder.Path);
        await using var other = await StartServersAsync(otherFolder.Path);

        Assert.Empty(one.State.Services.Select(service => service.Port).Intersect(other.State.Services.Select(service => service.Port)));
        await OpenAsync(one.Topology.Servers.Migrator);
        await OpenAsync(other.Topology.Servers.Migrator);
        var crossed = new NpgsqlConnectionStringBuilder(one.Topology.Servers.Migrator)
        {
            Port = new NpgsqlConnectionStringBuilder(other.Topology.Servers.Migrator).Port,
        };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => OpenAsync(crossed.ConnectionString));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task A_second_start_in_the_same_data_folder_says_that_it_is_already_running()
    {
        await using var running = await StartServersAsync(_folder.Path);

        var refusal = await Assert.ThrowsAsync<Refusal>(() => OpenAsync(Settings(_folder.Path)));

        Assert.Equal(Refusal.Unusable, refusal.ExitCode);
        Assert.Contains("already running", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("./aistrale down", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_readable_by_their_owner_only_and_the_servers_do_not_run_as_root()
    {
        await using var running = await StartServersAsync(_folder.Path);

        Assert.Equal("600", await ModeAsync(Home.PasswordsFile));
        Assert.Equal("600", await ModeAsync(Path.Combine(Home.Redis, "redis.conf")));
        Assert.Equal("700", await ModeAsync(Home.Keys));
        Assert.Equal("700", await ModeAsync(Home.Postgres));
        Assert.Equal("700", await ModeAsync(Home.WebKeys));
        foreach (var service in running.State.Services)
        {
            var owner = await CommandRun.ExecuteAsync(["/usr/bin/stat", "--format=%u", $"/proc/{service.Process!.Value.ProcessId}"], HomeFolder.Minimal, Ct);
            Assert.NotEqual("0", owner.Output);
            var arguments = await File.ReadAllTextAsync($"/proc/{service.Process!.Value.ProcessId}/cmdline", Ct);
            var passwords = Passwords.Load(Home);
            Assert.All(new[] { passwords.Redis, passwords.PostgresSuperuser, passwords.Migrator }, password => Assert.DoesNotContain(password, arguments, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_migrator_owns_the_database_and_may_create_roles_but_nothing_more()
    {
        await using var running = await StartServersAsync(_folder.Path);
        await using var connection = new NpgsqlConnection(running.Topology.Servers.Migrator + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(
            "select rolsuper, rolcreatedb, rolcreaterole, pg_get_userbyid(datdba) = current_user from pg_roles, pg_database where rolname = current_user and datname = current_database()",
            connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));

        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(reader.GetBoolean));
    }

    [Fact]
    public async Task A_stop_closes_the_database_in_order_and_removes_the_state_file()
    {
        var session = await StartServersAsync(_folder.Path);
        Assert.Equal(HostPhase.Running, HostState.Load(Home)!.Phase);

        await session.DisposeAsync();

        Assert.False(File.Exists(Home.StateFile));
        Assert.Contains("database system is shut down", string.Join('\n', LogFiles.Tail(Home.LogOf("postgres"), 50)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named_together_with_the_variable_that_changes_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;
        var settings = Settings(_folder.Path) with { ServersOnly = false, WebPort = FreePort(), ApiPort = taken, SandboxPort = FreePort() };

        var refusal = await Assert.ThrowsAsync<Refusal>(() => OpenAsync(settings));

        Assert.Equal(Refusal.Unusable, refusal.ExitCode);
        Assert.Contains($"Port {taken}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"pid {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AISTRALE_API_PORT", refusal.Message, StringComparison.Ordinal);
        Assert.False(HomeLock.IsHeld(Home));
    }

    [Fact]
    public async Task A_server_port_that_another_program_took_is_chosen_anew()
    {
        await (await StartServersAsync(_folder.Path)).DisposeAsync();
        var before = PortBook.Load(Home)!;
        using var intruder = new TcpListener(IPAddress.Loopback, before.Postgres);
        intruder.Start();

        await using var again = await StartServersAsync(_folder.Path);

        var after = PortBook.Load(Home)!;
        Assert.NotEqual(before.Postgres, after.Postgres);
        Assert.Equal(before.Redis, after.Redis);
        await OpenAsync(again.Topology.Servers.Migrator);
    }

    [Fact]
    public async Task A_lost_key_encryption_key_is_never_replaced_while_a_database_exists()
    {
        await (await StartServersAsync(_folder.Path)).DisposeAsync();
        var settings = Settings(_folder.Path) with { ServersOnly = false, WebPort = FreePort(), ApiPort = FreePort(), SandboxPort = FreePort() };

        var refusal = await Assert.ThrowsAsync<Refusal>(() => OpenAsync(settings));

        Assert.Contains(Home.KeyFile, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Home.KeyFile));
    }

    [Fact]
    public async Task A_new_data_folder_gets_a_key_of_32_bytes_that_only_its_owner_can_read()
    {
        var settings = Settings(_folder.Path) with { ServersOnly = false, WebPort = FreePort(), ApiPort = FreePort(), SandboxPort = FreePort() };
        await (await OpenAsync(settings)).DisposeAsync();

        var key = await File.ReadAllTextAsync(Home.KeyFile, Ct);
        Assert.Equal(32, Convert.FromBase64String(key).Length);
        Assert.Equal("600", await ModeAsync(Home.KeyFile));

        await (await OpenAsync(settings)).DisposeAsync();
        Assert.Equal(key, await File.ReadAllTextAsync(Home.KeyFile, Ct));
    }

    [Fact]
    public async Task A_server_that_the_caller_names_gets_a_new_key_only_while_it_is_empty()
    {
        var database = await servers.CreateDatabaseAsync(Ct);
        var settings = Settings(_folder.Path) with
        {
            ServersOnly = false,
            WebPort = FreePort(),
            ApiPort = FreePort(),
            SandboxPort = FreePort(),
            Inherited = new Dictionary<string, string> { ["ConnectionStrings__aistraledb"] = database.Migrator },
        };
        await (await OpenAsync(settings)).DisposeAsync();
        Assert.True(File.Exists(Home.KeyFile));

        await ExecuteAsync(database.Migrator, "create table kept (id int)");
        File.Delete(Home.KeyFile);
        var refusal = await Assert.ThrowsAsync<Refusal>(() => OpenAsync(settings));

        Assert.Contains("holds tables", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Home.KeyFile));
    }

    [Fact]
    public async Task A_named_server_that_does_not_answer_is_one_sentence_without_its_password()
    {
        var settings = Settings(_folder.Path) with
        {
            ServersOnly = false,
            WebPort = FreePort(),
            ApiPort = FreePort(),
            SandboxPort = FreePort(),
            Inherited = new Dictionary<string, string> { ["ConnectionStrings__aistraledb"] = $"Host=127.0.0.1;Port={FreePort()};Password=hunter2;Timeout=2" },
        };

        var refusal = await Assert.ThrowsAsync<Refusal>(() => OpenAsync(settings));

        Assert.Equal(Refusal.Unusable, refusal.ExitCode);
        Assert.Contains("ConnectionStrings__aistraledb", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_PostgreSQL_version_is_left_alone()
    {
        await (await StartServersAsync(_folder.Path)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Home.Postgres, "PG_VERSION"), "12\n", Ct);

        var refusal = await Assert.ThrowsAsync<Refusal>(() => StartServersAsync(_folder.Path));

        Assert.Equal(Refusal.Unusable, refusal.ExitCode);
        Assert.Contains("PostgreSQL 12", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql-12", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_not_taken_for_a_database()
    {
        SecretFile.Write(Path.Combine(Directory.CreateDirectory(Home.Keys).FullName, "passwords.json"), System.Text.Json.JsonSerializer.Serialize(Passwords.Generate()));
        Directory.CreateDirectory(Home.Postgres);
        await File.WriteAllTextAsync(Path.Combine(Home.Postgres, "holiday.jpg"), "not a database", Ct);

        var refusal = await Assert.ThrowsAsync<Refusal>(() => StartServersAsync(_folder.Path));

        Assert.Contains("not a PostgreSQL data folder", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Home.Postgres, "holiday.jpg")));
    }

    [Fact]
    public async Task A_data_folder_below_a_closed_folder_is_one_sentence_that_names_the_closed_folder()
    {
        Assert.SkipUnless(Native.IsRoot, "Only root starts the servers as another user.");
        var closed = Path.Combine(_folder.Path, "closed");
        Directory.CreateDirectory(closed);
        await CommandRun.ExecuteAsync(["/bin/chmod", "700", closed], HomeFolder.Minimal, Ct);

        var refusal = await Assert.ThrowsAsync<Refusal>(() => StartServersAsync(Path.Combine(closed, "data")));

        Assert.Equal(Refusal.Unusable, refusal.ExitCode);
        Assert.Contains($"the folder {closed}:", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AISTRALE_HOME", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fresh_removes_the_data_and_nothing_that_is_not_ours()
    {
        await (await StartServersAsync(_folder.Path)).DisposeAsync();
        var before = Passwords.Load(Home);
        var foreign = Path.Combine(_folder.Path, "notes.txt");
        await File.WriteAllTextAsync(foreign, "mine", Ct);

        await (await Session.OpenAsync(Settings(_folder.Path), fresh: true, restartsOnCrash: false, TimeProvider.System, Ct)).DisposeAsync();

        Assert.False(Directory.Exists(Home.Postgres));
        Assert.NotEqual(before, Passwords.Load(Home));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public async Task Data_survives_a_stop_and_a_crash_of_the_database()
    {
        var session = await StartServersAsync(_folder.Path);
        await ExecuteAsync(session.Topology.Servers.Migrator, "create table kept (id int); insert into kept values (1)");
        var first = session.Topology["postgres"].Status.Process!.Value;

        session.Topology["postgres"].Kill();
        await Eventually.TrueAsync(
            () => session.Topology["postgres"].Status is { State: ServiceState.Healthy, Process: { } now } && now != first,
            () => session.Topology["postgres"].Status.ToString(),
            Ct);
        await ExecuteAsync(session.Topology.Servers.Migrator, "insert into kept values (2)");
        await session.DisposeAsync();

        await using var again = await StartServersAsync(_folder.Path);
        Assert.Equal(2L, await ScalarAsync(again.Topology.Servers.Migrator, "select count(*) from kept"));
    }

    private static HostSettings Settings(string home) => new()
    {
        Home = new HomeFolder(home),
        Inherited = new Dictionary<string, string>(),
        ServersOnly = true,
        PostgresSettings = ["fsync=off"],
    };

    private static int FreePort() => PortBook.ChooseFree(new HashSet<int>());

    private static Task<Session> OpenAsync(HostSettings settings) =>
        Session.OpenAsync(settings, fresh: false, restartsOnCrash: true, TimeProvider.System, Ct);

    private static async Task<Session> StartServersAsync(string home)
    {
        var session = await OpenAsync(Settings(home));
        try
        {
            await session.StartAsync(Ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static async Task OpenAsync(string connectionString) => await ScalarAsync(connectionString, "select 1");

    private static async Task ExecuteAsync(string connectionString, string sql) => await ScalarAsync(connectionString, sql);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task<string> ModeAsync(string path) =>
        (await CommandRun.ExecuteAsync(["/usr/bin/stat", "--format=%a", path], HomeFolder.Minimal, Ct)).Output;
}
