using System.Runtime.Versioning;
using Aistrale.Tests.Shared;
using Xunit;

namespace Aistrale.IntegrationTests.Jobs;

public class FirstAdminTests(LocalServers servers)
{
    private const string Email = "ada@example.org";
    private const string Password = "a sentence nobody guesses";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_environment_names_the_first_admin_and_never_changes_one()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);
        binary["AISTRALE_ADMIN_EMAIL"] = Email;
        binary["AISTRALE_ADMIN_PASSWORD"] = Password;
        var first = await binary.MigrateAsync(Ct);
        var user = await UsersAsync(database);
        binary["AISTRALE_ADMIN_PASSWORD"] = "another sentence entirely";
        var second = await binary.MigrateAsync(Ct);

        Assert.StartsWith($"{Email} admin $argon2id$", Assert.Single(user), StringComparison.Ordinal);
        Assert.Equal(user, await UsersAsync(database));
        Assert.Equal(1, await Sql.ScalarAsync<long>(database.Superuser, "SELECT count(*) FROM workspaces", Ct));
        Assert.DoesNotContain(Password, first.ToString() + second, StringComparison.Ordinal);
        Assert.False(File.Exists(binary.SetupCodeFile));
    }

    [Theory]
    [InlineData("not an address", Password, "AISTRALE_ADMIN_EMAIL: This is not an e-mail address")]
    [InlineData(Email, "short", "AISTRALE_ADMIN_PASSWORD: Choose a password")]
    [InlineData(Email, Email, "AISTRALE_ADMIN_PASSWORD: The password must not be the e-mail address")]
    [InlineData(Email, null, "Set both AISTRALE_ADMIN_EMAIL and AISTRALE_ADMIN_PASSWORD")]
    public async Task An_admin_who_will_not_do_is_one_sentence_and_not_made(string email, string? password, string sentence)
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);
        binary["AISTRALE_ADMIN_EMAIL"] = email;
        binary["AISTRALE_ADMIN_PASSWORD"] = password;

        var result = await binary.RunAsync(Ct, "migrate");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(sentence, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(await UsersAsync(database));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Without_an_admin_a_one_time_code_lies_in_a_file_that_only_its_owner_reads_until_there_is_one()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);
        await File.WriteAllTextAsync(binary.SetupCodeFile, "left by an older run, readable by all", Ct);
        var issued = await binary.MigrateAsync(Ct);
        var code = (await File.ReadAllTextAsync(binary.SetupCodeFile, Ct)).Trim();
        var mode = File.GetUnixFileMode(binary.SetupCodeFile);

        Assert.Equal(64, code.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.DoesNotContain(code, issued.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await Sql.ScalarAsync<long>(database.Superuser, $"SELECT count(*) FROM setup_claims WHERE code_hash = sha256('{code}')", Ct));

        binary["AISTRALE_ADMIN_EMAIL"] = Email;
        binary["AISTRALE_ADMIN_PASSWORD"] = Password;
        await binary.MigrateAsync(Ct);
        Assert.False(File.Exists(binary.SetupCodeFile));
    }

    [Fact]
    public async Task A_user_is_added_with_a_password_from_standard_input()
    {
        var database = await MigratedDatabase.CreateAsync(servers, Ct);
        using var binary = new WorkerBinary(database);
        await File.WriteAllTextAsync(binary.SetupCodeFile, "a code that is of no use any more", Ct);
        string[] add = ["admin", "create-user", "--password-stdin"];

        var tooEarly = await binary.RunAsync(Password, Ct, [.. add, "--email", "eve@example.org", "--role", "user"]);
        var first = await binary.RunAsync(Password, Ct, [.. add, "--email", Email, "--role", "admin", "--display-name", "Ada L."]);
        var second = await binary.RunAsync($"{Password}\nmore", Ct, [.. add, "--email=eve@example.org", "--role=auditor"]);
        var taken = await binary.RunAsync(Password, Ct, [.. add, "--email", "EVE@example.org", "--role", "user"]);
        var weak = await binary.RunAsync("short", Ct, [.. add, "--email", "bob@example.org", "--role", "user"]);
        var silent = await binary.RunAsync("", Ct, [.. add, "--email", "bob@example.org", "--role", "user"]);

        Assert.Contains("--role admin", Assert.Single(tooEarly.ErrorLines), StringComparison.Ordinal);
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.All([tooEarly, taken, weak, silent], result => Assert.Equal(1, result.ExitCode));
        Assert.Contains("already", Assert.Single(taken.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("at least 8 characters", Assert.Single(weak.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("Standard input is empty", Assert.Single(silent.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(
            ["ada@example.org admin Ada L.", "eve@example.org auditor eve"],
            await Sql.ColumnAsync<string>(database.Superuser, "SELECT email || ' ' || role || ' ' || display_name FROM users ORDER BY email", Ct));
        Assert.Equal(1, await Sql.ScalarAsync<long>(database.Superuser, "SELECT count(DISTINCT workspace_id) FROM users", Ct));
        Assert.False(File.Exists(binary.SetupCodeFile));
    }

    [Fact]
    public async Task Wrong_words_are_answered_with_the_usage()
    {
        using var binary = new WorkerBinary(await servers.CreateDatabaseAsync(Ct));

        var unknown = await binary.RunAsync(Ct, "frobnicate");
        var help = await binary.RunAsync(Ct, "--help");

        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("migrate", unknown.Error, StringComparison.Ordinal);
        Assert.Empty(unknown.Output);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("create-user", help.Output, StringComparison.Ordinal);
    }

    private static Task<List<string>> UsersAsync(TestDatabase database) =>
        Sql.ColumnAsync<string>(database.Superuser, "SELECT email || ' ' || role || ' ' || password_hash FROM users", Ct);
}
