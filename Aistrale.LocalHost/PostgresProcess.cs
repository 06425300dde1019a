using System.Globalization;
using Aistrale.LocalHost.Home;
using Aistrale.LocalHost.Processes;
using Npgsql;

namespace Aistrale.LocalHost;

/// <summary>A private PostgreSQL: its own data folder, loopback only, passwords for everyone, an unprivileged user.</summary>
internal sealed class PostgresProcess(HomeFolder home, int port, Passwords passwords, IReadOnlyList<string> extraSettings)
{
    public const string ServiceName = "postgres";
    public const int OldestMajor = 15;

    private const string Superuser = "postgres";
    private const int MaxConnections = 200;

    private readonly UnprivilegedUser? _user = UnprivilegedUser.ForServer("postgres");

    public string SuperuserConnection => ServerAddresses.Database(port, "postgres", Superuser, passwords.PostgresSuperuser) + ";Pooling=false;Timeout=3";

    /// <summary>Makes the data folder when there is none, and answers how to run the server.</summary>
    public async Task<ProcessSpec> PrepareAsync(CancellationToken ct)
    {
        var binaries = await ChooseBinariesAsync(ct);
        if (!Directory.Exists(home.Postgres))
        {
            await InitializeAsync(binaries, ct);
        }

        await HomeFolder.EnsureServerFolderAsync(home.Postgres, "PostgreSQL", _user, ct);
        RefuseFolderInUse();
        return new ProcessSpec
        {
            Name = ServiceName,
            Port = port,
            Command = [.. Prefix, Path.Combine(binaries, "postgres"), "-D", home.Postgres, .. Settings()],
            Environment = HomeFolder.Minimal,
            LogFile = home.LogOf(ServiceName),
            Probe = ProbeAsync,
            // "Fast" shutdown: sessions are ended, nothing is lost.
            StopSignal = "INT",
            StopGrace = TimeSpan.FromSeconds(3),
            OrphanDelay = TimeSpan.FromSeconds(5),
        };
    }

    /// <summary>
    /// The migrator role and the database that it owns; the migrations create the other roles. Run at every start, because a start
    /// may have been interrupted before this.
    /// </summary>
    public async Task EnsureDatabaseAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(SuperuserConnection);
        await connection.OpenAsync(ct);
        var role = ServerAddresses.MigratorRole;

        // A statement that fails is logged with its text, and these hold passwords.
        await ExecuteAsync(connection, "set log_min_error_statement = panic", ct);
        var verb = await ExistsAsync(connection, "select 1 from pg_roles where rolname = $1", role, ct) ? "alter" : "create";
        await ExecuteAsync(connection, $"{verb} role {role} login createrole password '{passwords.Migrator}'", ct);
        await ExecuteAsync(connection, $"alter role {role} set log_min_error_statement = 'panic'", ct);
        if (!await ExistsAsync(connection, "select 1 from pg_database where datname = $1", ServerAddresses.DatabaseName, ct))
        {
            await ExecuteAsync(connection, $"create database {ServerAddresses.DatabaseName} owner {role}", ct);
        }
    }

    public async Task<string?> ProbeAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(SuperuserConnection);
            await connection.OpenAsync(ct);
            return null;
        }
        catch (NpgsqlException failure)
        {
            return failure.InnerException?.Message ?? failure.Message;
        }
        catch (TimeoutException)
        {
            return "does not answer";
        }
    }

    private IReadOnlyList<string> Prefix => _user?.CommandPrefix() ?? [];

    private IEnumerable<string> Settings() =>
        new[]
        {
            "listen_addresses=127.0.0.1",
            $"port={port}",
            "unix_socket_directories=",
            $"max_connections={MaxConnections}",
            "log_destination=stderr",
            "logging_collector=off",
            "log_line_prefix=%m [%p] %q%u@%d ",
            "log_timezone=UTC",
            "timezone=UTC",
        }.Concat(extraSettings).SelectMany(setting => new[] { "-c", setting });

    private async Task InitializeAsync(string binaries, CancellationToken ct)
    {
        // In a folder of its own name until it is complete: a start that was interrupted here leaves nothing that looks like data.
        if (Directory.Exists(home.PostgresBeingMade))
        {
            Directory.Delete(home.PostgresBeingMade, recursive: true);
        }

        await HomeFolder.EnsureServerFolderAsync(home.PostgresBeingMade, "PostgreSQL", _user, ct);
        var passwordFile = Path.Combine(home.PostgresBeingMade, "password");
        SecretFile.Write(passwordFile, passwords.PostgresSuperuser);
        if (_user is not null)
        {
            Native.ChangeOwner(passwordFile, _user);
        }

        var data = Path.Combine(home.PostgresBeingMade, "data");
        var made = await CommandRun.ExecuteAsync(
            [
                .. Prefix, Path.Combine(binaries, "initdb"), "-D", data, "-U", Superuser, $"--pwfile={passwordFile}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync",
            ],
            HomeFolder.Minimal,
            ct);
        if (made.ExitCode != 0)
        {
            throw new Refusal($"PostgreSQL could not make its data folder {home.Postgres}: {made.Output}", Refusal.Failed);
        }

        await File.WriteAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n", ct);
        Directory.Move(data, home.Postgres);
        Directory.Delete(home.PostgresBeingMade, recursive: true);
    }

    /// <summary>The folder of the server's programs: of the major version that wrote the data, else the newest.</summary>
    private async Task<string> ChooseBinariesAsync(CancellationToken ct)
    {
        var installed = await InstalledAsync(ct);
        if (!Directory.Exists(home.Postgres))
        {
            return installed.Count > 0
                ? installed[installed.Keys.Max()]
                : throw new Refusal($"PostgreSQL {OldestMajor} or newer is missing: install it with 'apt-get install postgresql', or run ./aistrale up, which offers that.");
        }

        var versionFile = Path.Combine(home.Postgres, "PG_VERSION");
        if (!File.Exists(versionFile) || !int.TryParse(await File.ReadAllTextAsync(versionFile, ct), CultureInfo.InvariantCulture, out var written))
        {
            throw new Refusal($"The folder {home.Postgres} is not a PostgreSQL data folder: move it away, or set AISTRALE_HOME to another folder.");
        }

        return installed.TryGetValue(written, out var binaries)
            ? binaries
            : throw new Refusal(
                $"{home.Postgres} was written by PostgreSQL {written}, which is not installed here{Others(installed.Keys)}: install postgresql-{written}, or run ./aistrale up --fresh to start with empty data.");

        static string Others(IEnumerable<int> majors) => majors.Any() ? $" (found: {string.Join(", ", majors.Order())})" : "";
    }

    private static async Task<SortedDictionary<int, string>> InstalledAsync(CancellationToken ct)
    {
        // Debian: /usr/lib/postgresql/15/bin. Elsewhere the programs are on the PATH.
        var found = new SortedDictionary<int, string>();
        const string Debian = "/usr/lib/postgresql";
        foreach (var folder in Directory.Exists(Debian) ? Directory.EnumerateDirectories(Debian) : [])
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major) && major >= OldestMajor && IsComplete(Path.Combine(folder, "bin")))
            {
                found[major] = Path.Combine(folder, "bin");
            }
        }

        if (ExecutableSearch.Find("postgres") is { } onPath && IsComplete(Path.GetDirectoryName(onPath)!))
        {
            // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
            var answer = await CommandRun.ExecuteAsync([onPath, "--version"], HomeFolder.Minimal, ct);
            var words = answer.Output.Split(' ');
            if (words.Length > 2 && int.TryParse(words[2].Split('.')[0], CultureInfo.InvariantCulture, out var major) && major >= OldestMajor)
            {
                found.TryAdd(major, Path.GetDirectoryName(onPath)!);
            }
        }

        return found;

        static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));
    }

    /// <summary>PostgreSQL itself deals with the note of a dead server; one that lives has to be named.</summary>
    private void RefuseFolderInUse()
    {
        var note = Path.Combine(home.Postgres, "postmaster.pid");
        if (!File.Exists(note))
        {
            return;
        }

        // 4711 (first line: the server's process id), then data folder, start time, port, ...
        var first = File.ReadLines(note).FirstOrDefault();
        if (!int.TryParse(first, CultureInfo.InvariantCulture, out var processId) || ProcessTable.Find(processId) is null)
        {
            return;
        }

        if (ProcessTable.NameOf(processId) == "postgres" && new DirectoryInfo($"/proc/{processId}/cwd").LinkTarget == home.Postgres)
        {
            throw new Refusal($"Another PostgreSQL (pid {processId}) is using {home.Postgres}: stop it with 'kill -INT {processId}'.");
        }

        // The number was given to another program since, which PostgreSQL could take for its own kind.
        File.Delete(note);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(ct) is not null;
    }
}
